import { strict as assert } from 'node:assert';
import { createSystemRandom } from '../../src/system/random.ts';

describe('the system’s chance', () => {
  it('never gives the same bytes twice', () => {
    const random = createSystemRandom();
    const seen = new Set(Array.from({ length: 2000 }, () => Buffer.from(random.bytes(10)).toString('hex')));
    assert.equal(seen.size, 2000);
  });

  it('gives as many bytes as were asked for, and no zeros in their place', () => {
    const random = createSystemRandom();
    for (const length of [0, 1, 10, 32, 4095, 4096, 4097, 100_000]) {
      const bytes = random.bytes(length);
      assert.equal(bytes.length, length);
      if (length >= 4095) assert.ok(bytes.filter((byte) => byte === 0).length < length / 100);
    }
  });

  it('gives bytes of their own, which later ones do not change', () => {
    const random = createSystemRandom();
    const first = random.bytes(16);
    const copy = Uint8Array.from(first);
    for (let index = 0; index < 1000; index++) random.bytes(16);
    assert.deepEqual(first, copy);
  });

  it('gives every byte about as often', () => {
    const random = createSystemRandom();
    const counts = new Array<number>(256).fill(0);
    for (let index = 0; index < 6400; index++)
      for (const byte of random.bytes(40)) counts[byte] = (counts[byte] ?? 0) + 1;
    // 1000 each are expected; six standard deviations are 190.
    assert.ok(counts.every((count) => count > 810 && count < 1190));
  });

  it('gives fractions from 0 to below 1', () => {
    const random = createSystemRandom();
    const fractions = Array.from({ length: 1000 }, () => random.fraction());
    assert.ok(fractions.every((fraction) => fraction >= 0 && fraction < 1));
    assert.ok(new Set(fractions).size > 990);
  });
});
