import assert from 'node:assert/strict';
import { fromStatus } from '../../../src/providers/wire/from-status.ts';

describe('from-status', () => {
  for (const [status, kind] of [
    [301, 'malformed'],
    [307, 'malformed'],
    [400, 'invalid_request'],
    [401, 'unauthorized'],
    [402, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'model_not_found'],
    [405, 'invalid_request'],
    [408, 'timeout'],
    [409, 'unavailable'],
    [413, 'invalid_request'],
    [422, 'invalid_request'],
    [425, 'unavailable'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [501, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'timeout'],
    [529, 'unavailable'],
    [599, 'unavailable'],
  ] as const)
    it(`${status} is ${kind}`, () => {
      assert.equal(fromStatus(status), kind);
    });
});
