import type { ForeignShape } from '../shape.ts';
import { toError } from './to-error.ts';

/** OpenAI's API under `/v1`, and whatever else is asked for there. */
export const openAiShape: ForeignShape = {
  date: 'openai',
  serves: (path) => path.startsWith('/v1/'),
  failure(error, { operation }) {
    const { status, body, headers } = toError(error, operation);
    return { status, body, headers: Object.entries(headers).flat() };
  },
};
