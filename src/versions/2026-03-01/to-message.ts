import type { components } from '../../../generated/types/2026-03-01.ts';
import type { ContractMessage } from '../../handlers/to-message.ts';
import { toText } from './to-text.ts';

export function toMessage({ parts, runId: _, ...message }: ContractMessage): components['schemas']['Message'] {
  return { ...message, content: toText(parts) };
}
