import { estimateInput } from '../dialects/anthropic/estimate-input.ts';
import { forwardedHeaders } from '../dialects/anthropic/forwarded-headers.ts';
import { toCall } from '../dialects/anthropic/from-messages-request.ts';
import { unsupported } from '../dialects/refuse.ts';
import { wholeCompletion } from '../dialects/write-completion.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';

const dialect = 'count-tokens';

/** Asked of a provider that counts; where no candidate does, estimated without asking anybody. */
export const countMessageTokens: Handler<'countMessageTokens'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const candidates = gateway.models.candidates(principal, body.model);
  if (!candidates.some(({ provider }) => provider.dialects?.includes(dialect)))
    return reply(200, { input_tokens: estimateInput(toCall(body)) });
  const { bytes, headers } = sourceOf(context);
  const active = await gateway.runs.complete(
    principal,
    {
      channel: 'api',
      model: body.model,
      stream: false,
      original: { dialect, body: bytes, wantsUsage: true, headers: forwardedHeaders(headers) },
      toCall: () => {
        throw unsupported('/model');
      },
      // Nothing is answered.
      maxOutputTokens: 1,
    },
    { signal },
  );
  const text = wholeCompletion(await active.outcome(), { events: () => '', end: () => '' });
  return reply.text({ contentType: 'application/json', text, run: active.run });
};
