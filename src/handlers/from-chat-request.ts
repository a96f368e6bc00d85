import type { components } from '../../generated/types/2026-11-01.ts';
import type { ChatRequest } from '../core/run.ts';

export type ContractChatRequest = components['schemas']['ChatRequest'];

/** Fills in what the contract says of absent members; whether to stream is the transport's to default. */
export function fromChatRequest(body: ContractChatRequest, defaults: { stream: boolean }): ChatRequest {
  return { ...body, channel: body.channel ?? 'api', stream: body.stream ?? defaults.stream };
}
