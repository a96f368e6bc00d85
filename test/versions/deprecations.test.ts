import assert from 'node:assert/strict';
import { apiVersions } from '../../generated/operations.ts';
import { usedMembers } from '../../src/versions/deprecations.ts';
import { versions } from '../../src/versions/index.ts';
import { newest } from '../../src/versions/newest.ts';
import type { Version } from '../../src/versions/version.ts';

describe('what of a version ends', () => {
  it('is what its contract says, and nothing where it says nothing', () => {
    for (const version of versions) {
      const entry = apiVersions.find(({ date }) => date === version.date);
      assert.ok(entry);
      assert.equal(version.deprecation?.deprecated, entry.deprecated);
      assert.equal(version.deprecation?.sunset, entry.sunset);
    }
    assert.equal(versions.at(-1)?.deprecation, undefined, 'the newest has no successor');
  });

  const version: Version = {
    ...newest,
    retiring: {
      operations: {},
      members: { createChat: { '/seed': {}, '/responseFormat/strict': {}, '/input/*/note~1~0': {} } },
    },
  };
  const bodies: [name: string, body: unknown, used: string[]][] = [
    ['has none', { input: [] }, []],
    ['has one', { seed: 0 }, ['/seed']],
    ['has one inside another', { responseFormat: { strict: false } }, ['/responseFormat/strict']],
    ['has one that is null', { seed: null, responseFormat: null }, ['/seed']],
    ['has one in an item of a list', { input: [{}, { 'note/~': 1 }] }, ['/input/*/note~1~0']],
    ['has one where the list is none', { input: { '*': { 'note/~': 1 } } }, []],
    ['is no object', 'seed', []],
    ['is not there', undefined, []],
  ];
  for (const [name, body, used] of bodies) {
    it(`is seen in a body that ${name}`, () => assert.deepEqual(usedMembers(version, 'createChat', body), used));
  }

  it('is seen in the operation that it is of', () =>
    assert.deepEqual(usedMembers(version, 'createKey', { seed: 1 }), []));
});
