import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hashSecret, isSecret, makeSecret, prefixOf } from '../../src/core/key-format.ts';
import { createSystemRandom } from '../../src/system/random.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

describe('the format of keys', () => {
  it('is ocg_, 30 characters of chance and 6 of checksum', () => {
    const random = createSystemRandom();
    const keys = Array.from({ length: 500 }, () => makeSecret(random));
    for (const key of keys) assert.match(key, /^ocg_[0-9A-Za-z]{36}$/);
    assert.ok(keys.every(isSecret));
    assert.equal(new Set(keys).size, keys.length);
  });

  it('has every character about as often, so that 30 of them are 178 bits', () => {
    const random = createSystemRandom();
    const counts = new Map<string, number>();
    for (let made = 0; made < 2000; made += 1) {
      for (const character of makeSecret(random).slice(4, 34)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    assert.equal(counts.size, 62);
    // 968 each are expected; six standard deviations are 186.
    for (const [character, count] of counts) assert.ok(count > 782 && count < 1154, `${character}: ${count}`);
  });

  it('throws bytes away that would make some characters likelier', () => {
    const given = [255, 254, 253, 252, 251, 250, 249, 248, 0];
    let asked = 0;
    const key = makeSecret({
      bytes: (length) => Uint8Array.from({ length }, () => given[asked++ % given.length] ?? 0),
      fraction: () => 0,
    });
    assert.equal(key.slice(4, 34), '0'.repeat(30));
  });

  it('tells a key from one with any other character in it', () => {
    const key = makeSecret(createSeededRandom());
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_';
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.constantFrom(...alphabet), (place, character) => {
        const other = key.slice(0, place) + character + key.slice(place + 1);
        assert.equal(isSecret(other), other === key);
      }),
    );
  });

  it('is not what anything else looks like', () => {
    for (const other of ['', 'ocg_', 'your-api-key', `ocg_${'A'.repeat(36)}`, `${makeSecret(createSeededRandom())}0`]) {
      assert.equal(isSecret(other), false, other);
    }
  });

  it('shows the first characters of a key only, and stores its SHA-256', () => {
    const key = makeSecret(createSeededRandom());
    assert.equal(prefixOf(key), key.slice(0, 8));
    assert.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
