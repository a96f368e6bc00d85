import assert from 'node:assert/strict';
import { GatewayError } from '../../src/core/errors.ts';
import { defaultVersion, versions } from '../../src/versions/index.ts';
import { createNegotiate, type Wanted } from '../../src/versions/negotiate.ts';
import type { Version } from '../../src/versions/version.ts';
import { isError } from '../support/is-error.ts';

const [v1, v2] = ['2026-03-01', '2026-11-01'];
const supported = [v1, v2];
const now = Date.UTC(2026, 10, 22);

describe('the version that is spoken', () => {
  const negotiate = createNegotiate(versions, defaultVersion, () => now);

  const chosen: [name: string, wanted: Wanted, date: string | undefined][] = [
    ['is the default', {}, v1],
    ['is the one in the path', { family: 'v2' }, v2],
    ['is the one in the path, the older too', { family: 'v1' }, v1],
    ['is the one in the header', { header: '2026-11-01' }, v2],
    ['is the key’s', { pin: '2026-11-01' }, v2],
    ['is the header’s before the key’s', { header: '2026-03-01', pin: '2026-11-01' }, v1],
    ['is the path’s before the key’s', { family: 'v1', pin: '2026-11-01' }, v1],
    ['is the path’s where the header says the same', { family: 'v2', header: '2026-11-01', pin: '2026-03-01' }, v2],
  ];
  for (const [name, wanted, date] of chosen) it(name, () => assert.equal(negotiate(wanted).date, date));

  const unknown = [
    '',
    ' ',
    '2026-03-02',
    '2026-3-1',
    '20260301',
    '2026-03-01 ',
    '2026-03-01, 2026-11-01',
    'v1',
    'latest',
    '__proto__',
    'constructor',
    '\u0000',
    'x'.repeat(10_000),
  ];
  for (const header of unknown) {
    it(`is refused as unknown for the header ${JSON.stringify(header.slice(0, 40))}`, () => {
      for (const wanted of [{ header }, { header, family: 'v1' }, { header, pin: v1 }]) {
        assert.throws(
          () => negotiate(wanted),
          (error: unknown) => {
            isError('UNSUPPORTED_API_VERSION')(error);
            assert.ok(error instanceof GatewayError);
            assert.deepEqual(error.supported, supported);
            assert.ok(error.message.length < 200);
            return true;
          },
        );
      }
    });
  }

  it('is refused where path and header do not agree', () => {
    for (const wanted of [
      { family: 'v1', header: '2026-11-01' },
      { family: 'v2', header: '2026-03-01' },
    ]) {
      assert.throws(() => negotiate(wanted), isError('VERSION_CONFLICT'));
    }
  });

  it('is nowhere under a family that is not there', () => {
    for (const family of ['v3', 'v0', 'v11', 'constructor', '']) {
      assert.throws(() => negotiate({ family }), isError('NOT_FOUND'));
    }
  });

  it('is refused for a pin to a version that was taken away', () => {
    assert.throws(() => negotiate({ pin: '2025-01-01' }), isError('UNSUPPORTED_API_VERSION'));
  });

  describe('that ends', () => {
    const ending = { deprecated: '2026-11-01', sunset: '2027-01-01', successor: '2026-11-01' };
    const old: Version = { ...defaultVersion, deprecation: ending };
    const all = versions.map((version) => (version === defaultVersion ? old : version));
    const at = (time: string) => createNegotiate(all, old, () => Date.parse(time));

    it('is spoken until its last day is over, and then gone, however it is asked for', () => {
      for (const wanted of [{}, { family: 'v1' }, { header: '2026-03-01' }, { pin: '2026-03-01' }]) {
        assert.equal(at('2026-12-31T23:59:59.999Z')(wanted), old);
        assert.throws(() => at('2027-01-01T00:00:00Z')(wanted), isError('GONE'));
      }
      assert.equal(at('2030-01-01T00:00:00Z')({ family: 'v2' }).date, v2);
    });

    it('names what is left', () => {
      assert.throws(
        () => at('2027-01-01T00:00:00Z')({}),
        (error: unknown) => error instanceof GatewayError && error.supported?.join() === '2026-11-01',
      );
    });

    it('has no end while none is named', () => {
      const { sunset: _, ...without } = ending;
      const open: Version = { ...defaultVersion, deprecation: without };
      assert.equal(createNegotiate([open], open, () => Date.parse('2100-01-01'))({}), open);
    });
  });
});
