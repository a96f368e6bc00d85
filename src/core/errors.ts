/**
 * Failures. A `GatewayError` is one of the contract's catalogue: its message is for the client, its cause for the log.
 * Whatever else is thrown leaves the gateway as `INTERNAL`, without a word of what it was.
 */
import { type ErrorCode, type ErrorEntry, errors } from '../../generated/errors.ts';
import type { LimitState } from './ports/limiter.ts';

export type { ErrorCode };

/** One fault of a request, at a place named by a JSON pointer (RFC 6901). */
export interface Fault {
  pointer: string;
  message: string;
}

export interface ErrorOptions {
  /** Seconds, a whole number of at least 1. */
  retryAfter?: number;
  /** Whether the same may do better later, where that is not as the catalogue has it for the code. */
  retryable?: boolean;
  /** Of the limit on tokens that refused. */
  tokens?: LimitState;
  faults?: Fault[];
  /** What may be used instead, such as the supported versions. */
  supported?: string[];
  /** For the operator's log only. */
  cause?: unknown;
}

export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly retryable: boolean;
  readonly tokens: LimitState | undefined;
  readonly faults: Fault[] | undefined;
  readonly supported: string[] | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfter = options.retryAfter ?? defaultRetryAfter(code);
    this.retryable = options.retryable ?? errors[code].retryable;
    this.tokens = options.tokens;
    this.faults = options.faults;
    this.supported = options.supported;
  }

  get entry(): ErrorEntry {
    return errors[this.code];
  }
}

/** 429 and 503 always say when to come back. */
function defaultRetryAfter(code: ErrorCode): number | undefined {
  const { status } = errors[code];
  return status === 429 || status === 503 ? 1 : undefined;
}

/** What a provider did wrong, in words the routing understands. Adapters throw nothing else. */
export class ProviderError extends Error {
  readonly kind: ProviderFault;
  /** Milliseconds that the provider asked us to wait. */
  readonly retryAfterMs: number | undefined;
  /** What the provider said of retrying (`x-should-retry`); absent when it said nothing. */
  readonly shouldRetry: boolean | undefined;
  /** The parameter it refused, as a path of the newest request shape. */
  readonly parameter: string | undefined;
  /** Why it refused a request that was handed on as it is: for a client that speaks the same words. */
  readonly told: ProviderTold | undefined;

  constructor(kind: ProviderFault, message: string, options: ProviderErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'ProviderError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.shouldRetry = options.shouldRetry;
    this.parameter = options.parameter;
    this.told = options.told;
  }
}

export interface ProviderErrorOptions {
  retryAfterMs?: number;
  shouldRetry?: boolean;
  parameter?: string;
  told?: ProviderTold;
  cause?: unknown;
}

/** A provider's own words, without our key and not longer than 2,000 characters. */
export interface ProviderTold {
  message: string;
  type?: string;
  code?: string;
  param?: string;
}

export type ProviderFault =
  /** No connection, a 5xx, or an overload: another try or another provider may do. */
  | 'unavailable'
  /** 429: not before `retryAfterMs`. */
  | 'rate_limited'
  /** No first chunk, or none for too long. */
  | 'timeout'
  /** 401 or 403: our key, our fault. */
  | 'unauthorized'
  /** 400: the request, so no other try helps. */
  | 'invalid_request'
  | 'unsupported_parameter'
  | 'context_too_long'
  | 'model_not_found'
  /** Bytes that are not its own protocol, or a stream cut before its end. */
  | 'malformed';

/** Turns whatever was thrown into an error of the catalogue. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (thrown instanceof ProviderError) return fromProviderError(thrown);
  return new GatewayError('INTERNAL', 'Something went wrong inside the gateway. The request id finds it in the log.', {
    cause: thrown,
  });
}

/** The client learns that a provider failed and what to do, never what the provider said. */
function fromProviderError(error: ProviderError): GatewayError {
  // What was refused on the way out was refused in the client's own words.
  if (error.cause instanceof GatewayError) return error.cause;
  const retryAfter = Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000));
  switch (error.kind) {
    case 'unavailable':
    case 'rate_limited':
      return new GatewayError('PROVIDER_UNAVAILABLE', 'No provider can answer now. Try again later.', {
        retryAfter,
        cause: error,
      });
    case 'timeout':
      return new GatewayError('PROVIDER_TIMEOUT', 'The provider did not answer in time. Try again.', { cause: error });
    case 'unauthorized':
      return new GatewayError('PROVIDER_ERROR', 'The provider refused the gateway. Its operator has to look at it.', {
        cause: error,
      });
    case 'malformed':
      return new GatewayError('PROVIDER_ERROR', 'The provider answered what the gateway cannot use.', { cause: error });
    case 'invalid_request':
      return new GatewayError('INVALID_REQUEST', 'The provider refused the request as invalid.', { cause: error });
    case 'unsupported_parameter':
      return new GatewayError(
        'UNSUPPORTED_PARAMETER',
        `The provider does not support ${error.parameter ? `\`${error.parameter}\`` : 'a parameter of this request'}.`,
        { cause: error },
      );
    case 'context_too_long':
      return new GatewayError('CONTEXT_TOO_LONG', 'The conversation is longer than the model can read.', {
        cause: error,
      });
    case 'model_not_found':
      return new GatewayError('MODEL_NOT_FOUND', 'The provider does not have this model.', { cause: error });
  }
}
