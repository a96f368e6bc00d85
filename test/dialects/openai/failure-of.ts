import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/core/errors.ts';

/** What a mapping refuses: the code, and where. */
export function failureOf(action: () => unknown): [code: string, pointer: string | undefined] {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return [error.code, error.faults?.[0]?.pointer];
  }
  return assert.fail('it was taken');
}
