import { strict as assert } from 'node:assert';
import { totalmem } from 'node:os';
import { formatMegabytes, readMemory } from '../../src/telemetry/health-probe.ts';

describe('memory', () => {
  it('is what the process holds, and what it may hold', () => {
    const { used, total } = readMemory();
    assert.ok(used > 20 * 1024 * 1024 && used < total, `${used} of ${total}`);
    assert.ok(total <= totalmem());
  });

  for (const [bytes, want] of [
    [0, '0MB'],
    [134217728, '128MB'],
    [536870912, '512MB'],
    [1024 * 1024 * 1.5, '2MB'],
    [17179869184, '16384MB'],
  ] as const) {
    it(`${bytes} is ${want}`, () => assert.equal(formatMegabytes(bytes), want));
  }
});
