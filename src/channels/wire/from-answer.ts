import { SendError, type SendFault } from '../../core/ports/channel.ts';
import type { HttpAnswer } from './http-client.ts';

/** What an answer that is no success means. */
export interface Fault {
  readonly kind: SendFault;
  /** The platform's own short word for it, such as `channel_not_found`. */
  readonly detail?: string | undefined;
  /** Where the body says how long to wait; otherwise `Retry-After` does. */
  readonly waitMs?: number | undefined;
}

const shown = 300;

/** What the platform said, for the operator's log and for nobody else. */
export class PlatformSaid extends Error {
  override readonly name = 'PlatformSaid';
}

/** `secrets` went out with the request: none stands in the error, should the platform repeat one. */
export function toSendError(channel: string, fault: Fault, answer: HttpAnswer, secrets: readonly string[]): SendError {
  const { kind, detail, waitMs = retryAfterMs(answer) } = fault;
  const waits = kind === 'rate_limited' || kind === 'unavailable';
  const clean = (text: string) =>
    secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  const said = clean(answer.text);
  return new SendError(kind, `${channel}: ${clean(detail ?? `answered ${answer.status}`)}`, {
    ...(waits && waitMs !== undefined ? { retryAfterMs: waitMs } : {}),
    cause: new PlatformSaid(`${answer.status} ${said.length > shown ? `${said.slice(0, shown)}…` : said}`),
  });
}

/** A status → the kind of fault, where the body says nothing better. */
export function fromStatus(status: number): SendFault {
  if (status === 429) return 'rate_limited';
  if (status === 401) return 'unauthorized';
  if (status === 408 || status === 425 || status >= 500) return 'unavailable';
  // A success without its body is what a proxy answers in the platform's place.
  return status < 300 ? 'unavailable' : 'refused';
}

/** At least one millisecond, so that a wait of none is still told apart from none told. */
export function secondsToMs(seconds: number | undefined): number | undefined {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return undefined;
  return Math.max(1, Math.ceil(seconds * 1000));
}

/** `Retry-After` in seconds, whole or not; as a date it is worth no more than our own backoff. */
function retryAfterMs({ headers }: HttpAnswer): number | undefined {
  const value = headers['retry-after'];
  return typeof value === 'string' && value.trim() !== '' ? secondsToMs(Number(value)) : undefined;
}
