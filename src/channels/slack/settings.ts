import type { Clock } from '../../core/ports/clock.ts';
import type { Secrets } from '../wire/secrets.ts';

export interface SlackSettings {
  readonly signingSecret?: Secrets;
  readonly botToken?: string;
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly clock: Clock;
}
