import type { Behaviour } from './fake-behaviour.ts';

/** How a fake answer is put into bytes on one vendor's wire. */
export interface FakeWire {
  whole(request: FakeBody, behaviour: Behaviour): object;
  /** The events of a stream, each as it goes on the wire. */
  stream(request: FakeBody, behaviour: Behaviour): (string | Uint8Array)[];
  error(behaviour: Behaviour): object;
  /** The same inside a stream. */
  errorEvent(behaviour: Behaviour): string | Uint8Array;
  /** The media type of a stream; events in text by default. */
  streamType?: string;
}

export type FakeBody = Readonly<Record<string, unknown>>;

/** What the answer says: the behaviour's text, or the last user message's. */
export function textFor(request: FakeBody, behaviour: Behaviour): string {
  if (behaviour.text !== undefined) return behaviour.text;
  if (behaviour.toolCalls) return '';
  const messages = Array.isArray(request.messages) ? request.messages : [];
  const last: unknown = messages.findLast((message) => message?.role !== 'assistant' && message?.role !== 'system');
  return wordsIn(last);
}

/** All text in a message, a block or a list of them. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(wordsIn).join('');
  if (typeof value !== 'object' || value === null) return '';
  if ('text' in value) return wordsIn(value.text);
  return 'content' in value ? wordsIn(value.content) : '';
}

export function chunksOf(text: string, behaviour: Behaviour): string[] {
  if (behaviour.chunks !== undefined) return Array.from({ length: behaviour.chunks }, (_, n) => `chunk ${n} `);
  return text.match(/\S+\s*|\s+/g) ?? [];
}

export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
