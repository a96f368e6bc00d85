import type { IncomingHttpHeaders } from 'node:http';
import type { CompletionRequest } from '../../core/completion.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import { cacheOf } from '../cache-of.ts';
import { fromReasoningEffort } from '../from-reasoning-effort.ts';
import { invalid, refuseOthers } from '../refuse.ts';
import { withoutNulls } from '../without-nulls.ts';
import { chatMembers, harmlessChatMembers, harmlessStreamOptions } from './chat-members.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { fromChatMessages } from './from-chat-messages.ts';
import { fromResponseFormat } from './from-response-format.ts';
import { fromChatTools, fromToolChoice } from './from-tools.ts';
import { fromVerbosity } from './from-verbosity.ts';
import type { Schemas } from './schemas.ts';

export type ChatCompletionRequest = Schemas['ChatCompletionRequest'];

/** What the client sent, for either kind of provider. `body` has been held against the contract; `bytes` is what it was. */
export function fromChatCompletionRequest(
  body: ChatCompletionRequest,
  source: { bytes: Buffer; headers: IncomingHttpHeaders },
): CompletionRequest {
  const maxOutputTokens = body.max_completion_tokens ?? body.max_tokens;
  return {
    channel: 'api',
    model: body.model,
    stream: body.stream ?? false,
    original: {
      dialect: 'chat-completions',
      body: source.bytes,
      wantsUsage: body.stream_options?.include_usage ?? false,
      headers: forwardedHeaders(source.headers),
    },
    toCall: () => toCall(body),
    ...(typeof maxOutputTokens === 'number' ? { maxOutputTokens } : {}),
    ...(body.metadata ? { metadata: body.metadata } : {}),
  };
}

function toCall(body: ChatCompletionRequest): Omit<ProviderCall, 'model' | 'stream'> {
  refuseOthers(body, chatMembers, harmlessChatMembers, '');
  if (body.stream_options)
    refuseOthers(body.stream_options, new Set(['include_usage']), harmlessStreamOptions, '/stream_options');
  const { tool_choice: choice } = body;
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop;
  return {
    ...fromChatMessages(body.messages),
    ...withoutNulls({
      temperature: body.temperature,
      topP: body.top_p,
      maxOutputTokens: tokenLimitOf(body),
      seed: body.seed,
      presencePenalty: body.presence_penalty,
      frequencyPenalty: body.frequency_penalty,
      parallelToolCalls: body.parallel_tool_calls,
      reasoningEffort: fromReasoningEffort(body.reasoning_effort, '/reasoning_effort'),
      verbosity: fromVerbosity(body.verbosity, '/verbosity'),
    }),
    ...(stop?.length ? { stop } : {}),
    ...(body.tools?.length ? { tools: fromChatTools(body.tools) } : {}),
    ...(choice ? { toolChoice: fromToolChoice(choice) } : {}),
    ...formatOf(body),
    ...cacheOf([body], body.messages, body.messages.flatMap(partsOf), body.tools),
  };
}

function partsOf({ content }: Schemas['ChatMessage']): Schemas['ChatContentPart'][] {
  return Array.isArray(content) ? content : [];
}

function formatOf({ response_format: format }: ChatCompletionRequest): Pick<ProviderCall, 'responseFormat'> {
  if (!format) return {};
  const pointer = '/response_format';
  const responseFormat = fromResponseFormat(format.type, format.json_schema, pointer, `${pointer}/json_schema`);
  refuseOthers(format, new Set(['type', 'json_schema']), {}, pointer);
  return { responseFormat };
}

/** Two names for one thing may not say two things. */
function tokenLimitOf({ max_completion_tokens: limit, max_tokens: older }: ChatCompletionRequest): number | undefined {
  if (typeof limit === 'number' && typeof older === 'number' && limit !== older)
    throw invalid('/max_tokens', 'must be what max_completion_tokens is, or not be there');
  return limit ?? older ?? undefined;
}
