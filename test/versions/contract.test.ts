import assert from 'node:assert/strict';
import { type Fault, GatewayError } from '../../src/core/errors.ts';
import { type Contract, loadContract } from '../../src/versions/contract.ts';
import { defaultVersion, versions } from '../../src/versions/index.ts';
import { newest } from '../../src/versions/newest.ts';
import type { Version } from '../../src/versions/version.ts';

describe('a request is held against the contract of its version', () => {
  let contract: Contract;
  before(async () => {
    contract = await loadContract(versions);
  });

  function faultsOf(work: () => void): Fault[] {
    try {
      work();
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, 'INVALID_REQUEST');
      assert.ok(error.message.length <= 2000);
      return error.faults ?? [];
    }
    return [];
  }
  const body = (version: Version, value: unknown, bytes = 100) =>
    faultsOf(() => contract.checkBody(version, 'createChat', value, bytes)).map(({ pointer }) => pointer);

  const bodies: [name: string, version: Version, body: unknown, pointers: string[]][] = [
    ['that fits', defaultVersion, { channel: 'api', message: 'hi' }, []],
    ['of the other version', defaultVersion, { input: [{ type: 'text', text: 'hi' }] }, ['', '', '/input']],
    ['with a field nobody knows', defaultVersion, { channel: 'api', message: 'hi', 'a/b~c': 1 }, ['/a~1b~0c']],
    ['with nothing said', defaultVersion, { channel: 'api', message: '' }, ['/message']],
    ['with several faults', defaultVersion, { channel: 1, message: 2 }, ['/channel', '/message']],
    ['that is no object', defaultVersion, 'hi', ['']],
    ['that is null', newest, null, ['']],
    ['that fits the newest', newest, { input: [{ type: 'text', text: 'hi' }] }, []],
    ['with an odd part', newest, { input: [{ type: 'text', text: 'hi' }, { type: 'video' }] }, ['/input/1/type']],
    [
      'with both kinds of image',
      newest,
      { input: [{ type: 'image', url: 'https://a.b', data: 'AAAA', mediaType: 'image/png' }] },
      ['/input/0'],
    ],
  ];
  for (const [name, version, value, pointers] of bodies) {
    it(`${name} (${version.date})`, () => {
      const found = body(version, value);
      assert.deepEqual(found.length > 0, pointers.length > 0);
      for (const pointer of pointers)
        assert.ok(
          found.some((place) => place.startsWith(pointer)),
          `${pointer} in ${found}`,
        );
    });
  }

  it('says where and what in its message too', () => {
    assert.throws(() => contract.checkBody(defaultVersion, 'createChat', { channel: 1, message: 2 }, 10), {
      message: 'The request does not fit the contract: /channel must be string, /message must be string.',
    });
    assert.throws(() => contract.checkBody(defaultVersion, 'createChat', [], 10), /contract: it must be object\.$/);
  });

  it('finds every fault of a small body and the first of a large one', () => {
    assert.equal(body(defaultVersion, { channel: 1, message: 2 }, 64 * 1024).length, 2);
    assert.equal(body(defaultVersion, { channel: 1, message: 2 }, 64 * 1024 + 1).length, 1);
  });

  it('tells no more than twenty faults', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, 1]));
    assert.equal(body(defaultVersion, { channel: 'api', message: 'hi', ...many }).length, 20);
  });

  it('turns the text of a query into what it means, and refuses what means nothing', () => {
    const query = { limit: '20', cursor: 'x' };
    contract.checkParameters(newest, 'listSessions', {}, query);
    assert.deepEqual(query, { limit: 20, cursor: 'x' });
    for (const limit of ['0', '1001', 'many', '1.5', '']) {
      const faults = faultsOf(() => contract.checkParameters(newest, 'listSessions', {}, { limit }));
      assert.deepEqual(
        faults.map(({ pointer }) => pointer),
        ['/query/limit'],
        limit,
      );
    }
  });

  it('refuses a path that names nothing', () => {
    for (const id of ['', '-', 'a b', 'x'.repeat(129), '../x']) {
      const faults = faultsOf(() => contract.checkParameters(newest, 'getSession', { id }, {}));
      assert.ok(faults.length > 0 && faults.every(({ pointer }) => pointer === '/path/id'), id);
    }
    contract.checkParameters(newest, 'getSession', { id: 'session-123' }, {});
  });

  it('holds frames as well', () => {
    const frame = (type: string, value: unknown) => faultsOf(() => contract.checkFrame(defaultVersion, type, value));
    assert.deepEqual(frame('ping', { type: 'ping' }), []);
    assert.equal(frame('ping', { type: 'ping', more: 1 })[0]?.pointer, '/more');
    assert.equal(frame('dance', { type: 'dance' })[0]?.pointer, '/type');
    assert.equal(frame('chunk', { type: 'chunk', content: 'x' })[0]?.pointer, '/type', 'only the server says that');
    assert.equal(frame('toString', {})[0]?.pointer, '/type');
  });
});
