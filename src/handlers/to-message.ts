import type { components } from '../../generated/types/2026-11-01.ts';
import type { Message } from '../core/message.ts';
import { toTimestamp } from './to-timestamp.ts';

export type ContractMessage = components['schemas']['Message'];

export function toMessage({ createdAt, ...message }: Message): ContractMessage {
  return { ...message, createdAt: toTimestamp(createdAt) };
}
