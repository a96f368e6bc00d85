import assert from 'node:assert/strict';
import { drawOrder } from '../../../src/core/routing/draw-order.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';

describe('an order that is drawn', () => {
  const random = createSeededRandom();
  const draw = () =>
    drawOrder([{ item: 'spare' }, { item: 'big', weight: 3 }, { item: 'small', weight: 1 }, { item: 'last' }], random);

  it('begins with each in the proportion of the weights, and ends with those that have none', () => {
    const first = new Map<string, number>();
    for (let count = 0; count < 4000; count += 1) {
      const order = draw();
      assert.deepEqual(order.slice(2), ['spare', 'last']);
      assert.deepEqual([...order].sort(), ['big', 'last', 'small', 'spare']);
      first.set(order[0] ?? '', (first.get(order[0] ?? '') ?? 0) + 1);
    }
    const share = (first.get('big') ?? 0) / 4000;
    assert.ok(share > 0.71 && share < 0.79, `${share}`);
  });

  it('is the order as it stands where nothing is weighed', () => {
    assert.deepEqual(drawOrder([{ item: 1 }, { item: 2 }], random), [1, 2]);
  });
});
