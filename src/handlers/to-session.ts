import type { components } from '../../generated/types/2026-11-01.ts';
import type { Session } from '../core/ports/store.ts';
import { toTimestamp } from './to-timestamp.ts';

export function toSession({ createdAt, updatedAt, ...session }: Session): components['schemas']['Session'] {
  return { ...session, createdAt: toTimestamp(createdAt), updatedAt: toTimestamp(updatedAt) };
}
