import { GatewayError } from './errors.ts';
import type { Limiter, LimitState, Reservation } from './ports/limiter.ts';
import type { Principal } from './principal.ts';
import { type RunReservation, type RunTokens, reserveRun } from './run-limits.ts';

const minute = 60_000;

/**
 * One ledger for every transport: a key cannot go around its limits by changing the protocol. A window is a minute
 * that begins with the first request in it.
 */
export interface Limits {
  /** Takes one request. The state is for the headers of the answer; when it is refused, so is the request. */
  admit(principal: Principal): Promise<Admission> | Admission;
  /** What stands, for frames and answers that cost nothing. */
  stateOf(principal: Principal): Promise<LimitState>;
  /** Counts a failed authentication from an address and answers the error to give: 401, or 429 when there were too many. */
  failedAuthentication(address: string, error: GatewayError): Promise<GatewayError>;
  /** Takes what a run could need of the limits on tokens and on runs. Throws `RATE_LIMITED`, and has taken nothing then. */
  reserveRun(principal: Principal, model: string, needed: RunTokens): Promise<RunReservation>;
}

export interface Admission extends LimitState {
  refusal?: GatewayError;
}

export interface LimitsSettings {
  authFailuresPerMinute: number;
}

export function createLimits(limiter: Limiter, now: () => number, settings: LimitsSettings): Limits {
  function toAdmission(reserved: Reservation): Admission {
    if (reserved.granted) return reserved;
    return { ...stateFrom(reserved), refusal: tooMany(reserved.resetAt - now()) };
  }

  return {
    admit({ account, limits }) {
      const reserved = limiter.reserve(account, 1, limits.requestsPerMinute, minute);
      return reserved instanceof Promise ? reserved.then(toAdmission) : toAdmission(reserved);
    },
    stateOf: async (principal) => limiter.peek(principal.account, principal.limits.requestsPerMinute, minute),
    async failedAuthentication(address, error) {
      const reserved = await limiter.reserve(`auth:${address}`, 1, settings.authFailuresPerMinute, minute);
      return reserved.granted ? error : tooMany(reserved.resetAt - now());
    },
    reserveRun: (principal, model, needed) => reserveRun(limiter, now, principal, model, needed),
  };
}

function stateFrom({ limit, remaining, resetAt }: LimitState): LimitState {
  return { limit, remaining, resetAt };
}

function tooMany(waitMs: number): GatewayError {
  return new GatewayError('RATE_LIMITED', 'Too many requests, please try again later', {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
