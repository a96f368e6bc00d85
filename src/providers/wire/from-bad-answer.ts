import { ProviderError, type ProviderFault } from '../../core/errors.ts';
import { Reported } from './bad-answer.ts';
import { parseObject } from './json-shape.ts';
import { redactTold, snippet } from './redact.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { retryAfterMs, shouldRetry } from './retry-after.ts';
import type { Upstream } from './upstream.ts';

/** What the provider said, for the operator's log and for nobody else. */
export class ProviderSaid extends Error {
  override readonly name = 'ProviderSaid';
}

/** An answer with an error status → the error. */
export function fromErrorAnswer(
  upstream: Upstream,
  status: number,
  headers: ResponseHeaders,
  body: string,
  forClient: boolean,
): ProviderError {
  const parsed = parseObject(body);
  const fault = upstream.dialect.fromError(status, parsed);
  const told = forClient && aboutRequest.has(fault.kind) ? upstream.dialect.tell(parsed) : undefined;
  const wait = retryAfterMs(headers, upstream.clock.now());
  const retry = shouldRetry(headers) ?? fault.shouldRetry;
  return new ProviderError(fault.kind, `${upstream.name} answered with an error status`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(retry === undefined ? {} : { shouldRetry: retry }),
    ...(fault.parameter === undefined ? {} : { parameter: fault.parameter }),
    ...(told === undefined ? {} : { told: redactTold(told, upstream.secrets) }),
    cause: said(upstream, status, body),
  });
}

/** What was wrong with the request is its sender's business; all else is between the provider and the operator. */
const aboutRequest: ReadonlySet<ProviderFault> = new Set([
  'invalid_request',
  'unsupported_parameter',
  'context_too_long',
]);

/** What a mapping threw at an answer that had begun as a success → the error. */
export function fromBadAnswer(upstream: Upstream, status: number, thrown: unknown, body: string): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (thrown instanceof Reported) {
    const fault = upstream.dialect.fromError(undefined, thrown.body);
    return new ProviderError(fault.kind, `${upstream.name} reported an error inside its answer`, {
      ...(fault.shouldRetry === undefined ? {} : { shouldRetry: fault.shouldRetry }),
      ...(fault.parameter === undefined ? {} : { parameter: fault.parameter }),
      cause: said(upstream, status, JSON.stringify(thrown.body)),
    });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ProviderError('malformed', `${upstream.name} answered what is not its wire format`, {
    cause: said(upstream, status, body === '' ? reason : `${reason}: ${body}`),
  });
}

function said(upstream: Upstream, status: number, text: string): ProviderSaid {
  return new ProviderSaid(`${status} ${snippet(text, upstream.secrets)}`);
}
