import type { Clock } from '../../core/ports/clock.ts';
import type { Secrets } from '../wire/secrets.ts';

export interface DiscordSettings {
  readonly applicationId?: string;
  /** The application's Ed25519 public key, 64 hexadecimal digits. */
  readonly publicKey?: Secrets;
  readonly botToken?: string;
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly clock: Clock;
}
