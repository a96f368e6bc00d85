/**
 * Failures in OpenAI's words, so that its SDKs raise their own classes: the class goes by the status, and the members of
 * `error` become its `type`, `param` and `code`.
 */

import { errors } from '../../../generated/errors.ts';
import type { OperationId } from '../../../generated/operations.ts';
import { type ErrorCode, type Fault, type GatewayError, ProviderError } from '../../core/errors.ts';
import type { RunError } from '../../core/run.ts';
import { toParam } from '../refuse.ts';
import type { Schemas } from './schemas.ts';

export interface OpenAiFailure {
  status: number;
  body: Schemas['ErrorAnswer'];
  headers: Record<string, string>;
}

export function toError(error: GatewayError, operation?: OperationId): OpenAiFailure {
  const { code } = error;
  const words = wordsOf(operation);
  // OpenAI names what was limited.
  const kind = error.tokens ? { ...kindOf(code), type: 'tokens' } : kindOf(code);
  return {
    status: error.entry.status,
    body: { error: toldBy(error) ?? { message: messageOf(error, words), ...kind, ...placeOf(error, words) } },
    headers: { 'x-should-retry': String(shouldRetry(error)) },
  };
}

/** Where the status has gone out already. */
export function runErrorBody({ code, message }: RunError): Schemas['ErrorAnswer'] {
  return { error: { message, ...kindOf(code), param: null } };
}

/** Providers have been tried as often as it makes sense: the SDK's own retries would only multiply that. */
function shouldRetry({ code, retryable }: GatewayError): boolean {
  return retryable && !code.startsWith('PROVIDER_');
}

interface Kind {
  type: string;
  code: string | null;
}

const kinds: { readonly [Code in ErrorCode]?: Kind } = {
  INVALID_REQUEST: { type: 'invalid_request_error', code: null },
  UNSUPPORTED_PARAMETER: { type: 'invalid_request_error', code: 'unsupported_parameter' },
  CONTEXT_TOO_LONG: { type: 'invalid_request_error', code: 'context_length_exceeded' },
  UNAUTHORIZED: { type: 'invalid_request_error', code: 'invalid_api_key' },
  FORBIDDEN: { type: 'permission_error', code: 'forbidden' },
  REQUEST_TIMEOUT: { type: 'timeout', code: 'request_timeout' },
  CONFLICT: { type: 'conflict_error', code: 'conflict' },
  RATE_LIMITED: { type: 'requests', code: 'rate_limit_exceeded' },
  BUDGET_EXCEEDED: { type: 'insufficient_quota', code: 'insufficient_quota' },
};

function kindOf(code: ErrorCode): Kind {
  const type = errors[code].status >= 500 ? 'server_error' : 'invalid_request_error';
  return kinds[code] ?? { type, code: code.toLowerCase() };
}

/** `param`, and for a request that does not fit also what is wrong there. */
function placeOf(error: GatewayError, words: Words): { param: string | null; code?: string } {
  const [fault] = error.faults ?? [];
  if (fault) return { param: paramOf(fault), ...(error.code === 'INVALID_REQUEST' ? { code: faultCode(fault) } : {}) };
  if (error.code === 'MODEL_NOT_FOUND') return { param: 'model' };
  const parameter = parameterOf(error);
  return { param: parameter === undefined ? null : (words[parameter] ?? parameter) };
}

/** An adapter names the parameter as our own request does. */
function messageOf(error: GatewayError, words: Words): string {
  const parameter = parameterOf(error);
  const theirs = parameter && words[parameter];
  return theirs ? error.message.replace(`\`${parameter}\``, `\`${theirs}\``) : error.message;
}

/** Of a turn that failed no more is left than the sentence, which names it too. */
function parameterOf({ code, message, cause }: GatewayError): string | undefined {
  if (cause instanceof ProviderError) return cause.parameter;
  return code === 'UNSUPPORTED_PARAMETER' ? /`(\w+)`/.exec(message)?.[1] : undefined;
}

/** Of a member that is missing the pointer names the object, and the message the member. */
function paramOf({ pointer, message }: Fault): string | null {
  const missing = missingMember(message);
  const param = toParam(missing === undefined ? pointer : `${pointer}/${missing}`);
  return param === '' ? null : param;
}

function missingMember(message: string): string | undefined {
  return /^must have required property '([^']+)'$/.exec(message)?.[1];
}

function faultCode({ message }: Fault): string {
  if (missingMember(message) !== undefined) return 'missing_required_parameter';
  return /^must be (string|number|integer|boolean|object|array|null)\b/.test(message)
    ? 'invalid_type'
    : 'invalid_value';
}

/** OpenAI's names by those of the newest request shape, in which a provider's adapter tells what it cannot do. */
type Words = Readonly<Record<string, string>>;

const everywhere: Words = { topP: 'top_p', parallelToolCalls: 'parallel_tool_calls', toolChoice: 'tool_choice' };
const chatWords: Words = {
  ...everywhere,
  topK: 'top_k',
  maxOutputTokens: 'max_completion_tokens',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  responseFormat: 'response_format',
  reasoningEffort: 'reasoning_effort',
  detail: 'image_url.detail',
};
const responseWords: Words = {
  ...everywhere,
  maxOutputTokens: 'max_output_tokens',
  responseFormat: 'text.format',
  reasoningEffort: 'reasoning.effort',
  verbosity: 'text.verbosity',
};

function wordsOf(operation: OperationId | undefined): Words {
  return operation === 'createResponse' ? responseWords : chatWords;
}

/** What a provider that was asked in the client's own words found wrong with them. */
function toldBy({ cause, entry }: GatewayError): Schemas['ErrorAnswer']['error'] | undefined {
  if (entry.status !== 400 || !(cause instanceof ProviderError) || !cause.told) return undefined;
  const { message, type = 'invalid_request_error', param = null, code = null } = cause.told;
  return { message, type, param, code };
}
