import { ProviderError } from '../../core/errors.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import { ProviderSaid } from '../wire/from-bad-answer.ts';
import { countIn, isObject, type JsonObject, objectIn, textIn } from '../wire/json-shape.ts';
import { snippet } from '../wire/redact.ts';
import { retryAfterMs, shouldRetry } from '../wire/retry-after.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { Room } from './room.ts';
import { type PackageError, toFault } from './to-fault.ts';

/** What a package threw, or reported in its stream → the port's error; the reason of the caller's signal stays as it is. */
export function fromError(
  thrown: unknown,
  { name, clock, secrets }: Pick<Room, 'name' | 'clock' | 'secrets'>,
  signal: Signal,
): unknown {
  if (thrown instanceof ProviderError || (signal.aborted && thrown === signal.reason)) return thrown;
  if (thrown instanceof Malformed)
    return new ProviderError('malformed', `${name} answered what cannot be used`, { cause: thrown });
  const error = readError(thrown instanceof Reported ? thrown.body : thrown);
  const fault = toFault(error);
  const wait = retryAfterMs(error.headers, clock.now()) ?? retryDelayMs(error.words);
  const retry = shouldRetry(error.headers) ?? fault.shouldRetry;
  return new ProviderError(fault.kind, `${name} failed, its package says`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(retry === undefined ? {} : { shouldRetry: retry }),
    ...(fault.parameter === undefined ? {} : { parameter: fault.parameter }),
    // Not what was thrown itself: it holds the whole request.
    cause: new ProviderSaid(snippet([error.status, error.name, error.words].filter(Boolean).join(' '), secrets)),
  });
}

/** The SDK's errors are known by their members: each package brings a copy of their classes. */
function readError(thrown: unknown): PackageError {
  if (!isObject(thrown)) return { name: '', words: String(thrown), headers: {}, thrown };
  const error = objectIn(thrown, 'error') ?? thrown;
  const status = countIn(error, 'statusCode');
  const { isRetryable } = error;
  const headers = headersIn(objectIn(error, 'responseHeaders') ?? {});
  return {
    name: textIn(error, 'name') ?? '',
    // Where the vendor's own word for it stands, in a stream's error.
    code: textIn(error, 'code') ?? textIn(error, 'type') ?? '',
    // Amazon says what kind of error it is in a header alone.
    words: [textIn(error, 'message'), headers['x-amzn-errortype'], bodyIn(error)].filter(Boolean).join(' '),
    headers,
    ...(status === undefined ? {} : { status }),
    ...(typeof isRetryable === 'boolean' ? { isRetryable } : {}),
    thrown,
  };
}

/** An error inside a stream has no text of its own, but what was read of it. */
function bodyIn(error: JsonObject): string | undefined {
  const data = objectIn(error, 'data');
  return textIn(error, 'responseBody') ?? (data && JSON.stringify(data));
}

function headersIn(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) if (typeof value === 'string') headers[name.toLowerCase()] = value;
  return headers;
}
