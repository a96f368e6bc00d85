import assert from 'node:assert/strict';
import { type ErrorCode, GatewayError } from '../../src/core/errors.ts';

/** For `assert.throws` and `assert.rejects`: an error of the catalogue, and where its fault lies. */
export function isError(code: ErrorCode, pointer?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof GatewayError, String(error));
    assert.equal(error.code, code);
    if (pointer !== undefined) assert.equal(error.faults?.[0]?.pointer, pointer);
    return true;
  };
}
