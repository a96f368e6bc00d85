import type { Clock } from '../../core/ports/clock.ts';
import type { Secrets } from '../wire/secrets.ts';

export interface WebhookSettings {
  /** `whsec_` and the base64 of 24 to 64 bytes. All of them verify, and all of them sign. */
  readonly secret?: Secrets;
  readonly callbackUrl?: string;
  readonly clock: Clock;
}
