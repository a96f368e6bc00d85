import type { ForwardBatch, ForwardCall, Provider } from '../../src/core/ports/provider.ts';
import type { Wire } from './wires.ts';

/** What a client of each wire may say. */
export function forwardOf(wire: Wire['name'], body: object | string, changes: Partial<ForwardCall> = {}): ForwardCall {
  const stream = typeof body === 'object' && 'stream' in body && body.stream === true;
  return {
    dialect: wire === 'openai' ? 'chat-completions' : 'messages',
    model: 'their-model',
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    stream,
    wantsUsage: false,
    headers: {},
    ...changes,
  };
}

export function bodyOf(text: string, changes: object = {}): object {
  return { model: 'our-model', max_tokens: 100, messages: [{ role: 'user', content: text }], ...changes };
}

export interface Forwarded {
  batches: ForwardBatch[];
  text: string;
  finish?: ForwardBatch['finish'];
  error?: unknown;
}

/** Everything that comes, and what it ended with. */
export async function forward(provider: Provider, call: ForwardCall, signal?: AbortSignal): Promise<Forwarded> {
  const batches: ForwardBatch[] = [];
  const outcome = (): Forwarded => {
    const finish = batches.at(-1)?.finish;
    const text = Buffer.concat(batches.map(({ bytes }) => bytes)).toString();
    return { batches, text, ...(finish ? { finish } : {}) };
  };
  try {
    for await (const batch of provider.forward?.(call, signal ?? new AbortController().signal) ?? [])
      batches.push(batch);
    return outcome();
  } catch (error) {
    return { ...outcome(), error };
  }
}
