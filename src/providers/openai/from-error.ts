import type { ProviderFault } from '../../core/errors.ts';
import type { Fault } from '../wire/dialect.ts';
import { fromStatus } from '../wire/from-status.ts';
import { isObject, type JsonObject, textIn } from '../wire/json-shape.ts';

/** An error, or what stands where an answer should: `{error: …}`, or in older vLLM the error itself. */
export function isChatError(body: JsonObject): boolean {
  return (body.error !== undefined && body.error !== null) || body.object === 'error';
}

/** The wire's error body → what it means. Codes first, then the words of servers that have none, then the status. */
export function fromError(status: number | undefined, body: unknown): Fault {
  const error = isObject(body) && isChatError(body) ? errorIn(body) : undefined;
  // A 404 that is not the wire's own comes from a wrong base URL: nothing about a model was said.
  if (!error) return { kind: status === undefined || status === 404 ? 'malformed' : fromStatus(status) };
  const byCode = codes[textIn(error, 'code') ?? ''];
  if (byCode) return byCode;
  const told = status ?? statusIn(error.code);
  if (told === undefined || told === 400 || told === 413 || told === 422) {
    const refused = fromRefusal(error);
    if (refused) return refused;
  }
  return { kind: told === undefined ? (types[textIn(error, 'type') ?? ''] ?? 'unavailable') : fromStatus(told) };
}

function errorIn(body: JsonObject): JsonObject {
  if (isObject(body.error)) return body.error;
  return typeof body.error === 'string' ? { message: body.error } : body;
}

/** vLLM and OpenRouter put the HTTP status where OpenAI puts a word. */
function statusIn(code: unknown): number | undefined {
  const status = Number(code);
  return status >= 400 && status <= 599 ? status : undefined;
}

const codes: Readonly<Record<string, Fault>> = {
  context_length_exceeded: { kind: 'context_too_long' },
  string_above_max_length: { kind: 'context_too_long' },
  model_not_found: { kind: 'model_not_found' },
  invalid_api_key: { kind: 'unauthorized' },
  rate_limit_exceeded: { kind: 'rate_limited' },
  // Comes with 429, but waiting does not fill an account.
  insufficient_quota: { kind: 'rate_limited', shouldRetry: false },
};

/** For errors inside a stream, which have no status. */
const types: Readonly<Record<string, ProviderFault>> = {
  invalid_request_error: 'invalid_request',
  BadRequestError: 'invalid_request',
  authentication_error: 'unauthorized',
  permission_error: 'unauthorized',
  not_found_error: 'model_not_found',
  NotFoundError: 'model_not_found',
  rate_limit_error: 'rate_limited',
  requests: 'rate_limited',
  tokens: 'rate_limited',
  timeout: 'timeout',
};

/** What exactly a refused request was refused for, as far as it is said. */
function fromRefusal(error: JsonObject): Fault | undefined {
  const message = textIn(error, 'message') ?? '';
  if (textIn(error, 'type') === 'exceed_context_size_error' || tooLong.test(message))
    return { kind: 'context_too_long' };
  const parameter = parameters[textIn(error, 'param') ?? ''] ?? parameterIn(message);
  if (unsupportedCodes.has(textIn(error, 'code') ?? '') || unsupported.test(message))
    return { kind: 'unsupported_parameter', ...(parameter === undefined ? {} : { parameter }) };
  return undefined;
}

const tooLong =
  /maximum context length|context length exceeded|exceeds? (the )?(available )?context|context window|prompt is too long/i;
const unsupported =
  /unsupported (parameter|value)|unrecognized request argument|does not support|are not supported for/i;
const unsupportedCodes = new Set(['unsupported_parameter', 'unsupported_value', 'unknown_parameter']);

/** The wire's names → the newest request shape's. */
const parameters: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  stop: 'stop',
  seed: 'seed',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  parallel_tool_calls: 'parallelToolCalls',
  tools: 'tools',
  tool_choice: 'toolChoice',
  response_format: 'responseFormat',
  reasoning_effort: 'reasoningEffort',
  verbosity: 'verbosity',
};

/** Servers without `param` name it in their sentence: "Unsupported parameter: 'seed'", "llama2 does not support tools". */
function parameterIn(message: string): string | undefined {
  if (/function call|tool use/i.test(message)) return 'tools';
  const named = Object.keys(parameters).find((name) => new RegExp(`\\b${name}\\b`).test(message));
  return named === undefined ? undefined : parameters[named];
}
