import assert from 'node:assert/strict';
import { createIds, messageId } from '../../src/core/ids.ts';
import { createSystemRandom } from '../../src/system/random.ts';
import { HandClock } from '../support/hand-clock.ts';

describe('ids', () => {
  it('say what they name, in characters that need no escaping', () => {
    const ids = createIds(new HandClock(), createSystemRandom());
    assert.match(ids.run(), /^run_[0-9a-hjkmnp-tv-z]{26}$/);
    assert.match(ids.session(), /^s-[0-9a-hjkmnp-tv-z]{26}$/);
    assert.match(ids.key(), /^key_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('sort by age', () => {
    const clock = new HandClock(0);
    const ids = createIds(clock, createSystemRandom());
    const made = [1, 31, 32, 1000, 1_000_000, 1_800_000_000_000, 2 ** 42].map((step) => {
      clock.advance(step);
      return ids.run();
    });
    assert.deepEqual(made.toSorted(), made);
  });

  it('tell their time and all of their chance', () => {
    const ids = createIds(new HandClock(32 ** 10 - 1), {
      bytes: (length) => Uint8Array.from({ length }, (_, index) => (index % 2 === 0 ? 0xff : 0)),
      fraction: () => 0,
    });
    assert.equal(ids.run(), `run_zzzzzzzzzz${encode('ff00ff00ff00ff00ff00')}`);
  });

  it('are never given twice', () => {
    const ids = createIds(new HandClock(), createSystemRandom());
    assert.equal(new Set(Array.from({ length: 5000 }, () => ids.session())).size, 5000);
  });

  it('number the messages of a run under its own', () => {
    assert.equal(messageId('run_01abc', 0), 'msg_01abc0');
    assert.equal(messageId('run_01abc', 1), 'msg_01abc1');
  });
});

/** Crockford's base 32, the slow way. */
function encode(hex: string): string {
  const bits = BigInt(`0x${hex}`)
    .toString(2)
    .padStart(hex.length * 4, '0');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => '0123456789abcdefghjkmnpqrstvwxyz'[Number.parseInt(group, 2)]).join('');
}
