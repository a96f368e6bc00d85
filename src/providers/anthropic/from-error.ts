import type { ProviderFault } from '../../core/errors.ts';
import type { Fault } from '../wire/dialect.ts';
import { fromStatus } from '../wire/from-status.ts';
import { isObject, objectIn, textIn } from '../wire/json-shape.ts';

/** The wire's error body → what it means. Its types are the wire's own; the status is what proxies in front of it say. */
export function fromError(status: number | undefined, body: unknown): Fault {
  const error = isObject(body) ? objectIn(body, 'error') : undefined;
  // A 404 that is not the wire's own comes from a wrong base URL: nothing about a model was said.
  if (!error) return { kind: status === undefined || status === 404 ? 'malformed' : fromStatus(status) };
  const type = textIn(error, 'type') ?? '';
  if (type === 'invalid_request_error') return fromRefusal(textIn(error, 'message') ?? '');
  return { kind: types[type] ?? (status === undefined ? 'unavailable' : fromStatus(status)) };
}

const types: Readonly<Record<string, ProviderFault>> = {
  authentication_error: 'unauthorized',
  permission_error: 'unauthorized',
  billing_error: 'unauthorized',
  not_found_error: 'model_not_found',
  // The body is over the wire's limit of bytes: a shorter conversation is the cure here too.
  request_too_large: 'context_too_long',
  rate_limit_error: 'rate_limited',
  timeout_error: 'timeout',
  api_error: 'unavailable',
  overloaded_error: 'unavailable',
};

/** Which of the refusals it is, told apart by their sentences: the wire has no codes for them. */
function fromRefusal(message: string): Fault {
  if (/prompt is too long|exceed context limit|exceeds the context window/i.test(message))
    return { kind: 'context_too_long' };
  // The operator's account, not the client's request.
  if (/credit balance is too low/i.test(message)) return { kind: 'unauthorized' };
  if (/\boutput_config\.effort\b|\beffort parameter\b/i.test(message))
    return { kind: 'unsupported_parameter', parameter: 'reasoningEffort' };
  const refused = /^`?([a-z_]+)[\w.]*`?(?:: extra inputs are not permitted| is deprecated| is not supported)/i.exec(
    message,
  );
  const parameter = parameters[refused?.[1] ?? ''];
  return parameter === undefined ? { kind: 'invalid_request' } : { kind: 'unsupported_parameter', parameter };
}

/** The wire's names → the newest request shape's. */
const parameters: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  max_tokens: 'maxOutputTokens',
  stop_sequences: 'stop',
  tools: 'tools',
  tool_choice: 'toolChoice',
  output_config: 'responseFormat',
  system: 'instructions',
};
