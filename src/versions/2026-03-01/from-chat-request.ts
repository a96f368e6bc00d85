import type { components } from '../../../generated/types/2026-03-01.ts';
import type { ContractChatRequest } from '../../handlers/from-chat-request.ts';

/** One text message becomes one text part. */
export function fromChatRequest({ message, ...rest }: components['schemas']['ChatRequest']): ContractChatRequest {
  return { ...rest, input: [{ type: 'text', text: message }] };
}
