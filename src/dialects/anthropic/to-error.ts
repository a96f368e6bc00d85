/**
 * Failures in Anthropic's words, so that its SDK raises its own classes: the class goes by the status, the `type` is what
 * programs read. A place in a request is written as Anthropic writes it, `messages.0.content`.
 */
import { errors } from '../../../generated/errors.ts';
import { type ErrorCode, type Fault, type GatewayError, ProviderError } from '../../core/errors.ts';
import type { RunError } from '../../core/run.ts';
import type { Schemas } from './schemas.ts';

export interface AnthropicFailure {
  status: number;
  body: Schemas['ErrorAnswer'];
  headers: Record<string, string>;
}

export function toError(error: GatewayError, requestId: string): AnthropicFailure {
  const { code } = error;
  const told = toldBy(error) ?? { type: typeOf(code), message: messageOf(error) };
  return {
    status: error.entry.status,
    body: { type: 'error', error: told, request_id: requestId },
    headers: { 'x-should-retry': String(shouldRetry(error)) },
  };
}

/** Where the status has gone out already. */
export function runErrorBody({ code, message }: RunError): Schemas['ErrorAnswer'] {
  return { type: 'error', error: { type: typeOf(code), message } };
}

/** Providers have been tried as often as it makes sense: the SDK's own retries would only multiply that. */
function shouldRetry({ code, retryable }: GatewayError): boolean {
  return retryable && !code.startsWith('PROVIDER_');
}

function typeOf(code: ErrorCode): string {
  if (code === 'BUDGET_EXCEEDED') return 'billing_error';
  const { status } = errors[code];
  return types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** As many faults as somebody reads at once. */
const shown = 3;

function messageOf(error: GatewayError): string {
  const { message, faults, cause } = error;
  if (faults?.length) return faults.slice(0, shown).map(faultOf).join('; ');
  const parameter = cause instanceof ProviderError ? cause.parameter : undefined;
  if (error.code !== 'UNSUPPORTED_PARAMETER' || parameter === undefined) return message;
  return `${parameters[parameter] ?? parameter}: is not something that the providers of this model can be asked for`;
}

/** Of a member that is missing the pointer names the object, and the message the member. */
function faultOf({ pointer, message }: Fault): string {
  const missing = /^must have required property '([^']+)'$/.exec(message)?.[1];
  const place = [...pointer.split('/').slice(1).map(withoutEscapes), ...(missing === undefined ? [] : [missing])].join(
    '.',
  );
  const says = missing === undefined ? message : 'Field required';
  return place === '' ? says : `${place}: ${says}`;
}

function withoutEscapes(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Names of the newest request shape, in which a provider's adapter tells what it cannot do. */
const parameters: Readonly<Record<string, string>> = {
  topP: 'top_p',
  topK: 'top_k',
  maxOutputTokens: 'max_tokens',
  stop: 'stop_sequences',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  toolChoice: 'tool_choice',
  responseFormat: 'output_config.format',
  reasoningEffort: 'output_config.effort',
  instructions: 'system',
};

/** What a provider that was asked in the client's own words found wrong with them. */
function toldBy({ cause, entry }: GatewayError): Schemas['ErrorAnswer']['error'] | undefined {
  if (entry.status !== 400 || !(cause instanceof ProviderError) || !cause.told) return undefined;
  const { message, type = 'invalid_request_error' } = cause.told;
  return { type, message };
}
