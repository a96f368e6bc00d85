import type { ForeignShape } from '../shape.ts';
import { toError } from './to-error.ts';

/** Anthropic's messages, under `/v1/messages`. */
export const anthropicShape: ForeignShape = {
  date: 'anthropic',
  serves: (path) => /^\/v1\/messages(\/|$)/.test(path),
  requestIdHeader: 'request-id',
  failure(error, { requestId }) {
    const { status, body, headers } = toError(error, requestId);
    return { status, body, headers: Object.entries(headers).flat() };
  },
};
