import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/core/errors.ts';
import { toProblem } from '../../../src/handlers/to-problem.ts';
import { version20260301 } from '../../../src/versions/2026-03-01/index.ts';

describe('a failure of 2026-03-01', () => {
  const cases: [name: string, error: GatewayError, want: object][] = [
    [
      'is the one in the source',
      new GatewayError('RATE_LIMITED', 'Too many requests, please try again later', { retryAfter: 30 }),
      { code: 'RATE_LIMITED', message: 'Too many requests, please try again later', retryAfter: 30 },
    ],
    [
      'says nothing of coming back where there is no time for it',
      new GatewayError('FORBIDDEN', 'No.'),
      { code: 'FORBIDDEN', message: 'No.' },
    ],
    [
      'has each fault with its place',
      new GatewayError('INVALID_REQUEST', 'No.', { faults: [{ pointer: '/message', message: 'must be string' }] }),
      { code: 'INVALID_REQUEST', message: 'No.', details: [{ pointer: '/message', message: 'must be string' }] },
    ],
    [
      'has what may be used instead',
      new GatewayError('UNSUPPORTED_API_VERSION', 'No.', { supported: ['2026-03-01'] }),
      { code: 'UNSUPPORTED_API_VERSION', message: 'No.', supported: ['2026-03-01'] },
    ],
    [
      'has nothing of its cause',
      new GatewayError('INTERNAL', 'No.', { cause: new Error('secret') }),
      { code: 'INTERNAL', message: 'No.' },
    ],
  ];
  for (const [name, error, want] of cases) {
    it(name, () => {
      const problem = toProblem(error, 'req_1');
      assert.deepEqual(version20260301.problem(problem), { success: false, error: want });
      assert.deepEqual(version20260301.frames.error(problem), { type: 'error', ...want });
    });
  }
});
