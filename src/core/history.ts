import type { Message, Part } from './message.ts';
import { estimateTokens } from './usage.ts';

/** How much of a session goes to the provider. */
export interface HistoryBound {
  messages: number;
  /** Estimated: bytes ÷ 4. */
  tokens: number;
}

/**
 * The newest messages that fit the bound, oldest first. A tool's result is never sent without its call, nor an answer
 * without anything before it, because providers refuse both.
 */
export function boundHistory(history: readonly Message[], bound: HistoryBound): Message[] {
  let tokens = 0;
  let start = history.length;
  while (start > 0 && history.length - start < bound.messages) {
    const message = history[start - 1];
    if (!message) break;
    tokens += tokensOf(message.parts);
    if (tokens > bound.tokens) break;
    start -= 1;
  }
  while (start < history.length && !canBegin(history[start])) start += 1;
  return history.slice(start);
}

function canBegin(message: Message | undefined): boolean {
  return message?.role === 'user' && !message.parts.some((part) => part.type === 'tool_result');
}

function tokensOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + estimateTokens(textIn(part)), 0);
}

/** What of a part counts as text; an image counts as a fixed length, whatever its bytes. */
export function textIn(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return imageStandIn;
    case 'tool_call':
      return part.name + part.arguments;
    case 'tool_result':
      return part.content + imageStandIn.repeat(part.images?.length ?? 0);
  }
}

const imageStandIn = ' '.repeat(4 * 1024);

/** Calls of the last message that nobody has answered yet. */
export function openToolCalls(history: readonly Message[]): string[] {
  const last = history.at(-1);
  if (last?.role !== 'assistant') return [];
  return last.parts.flatMap((part) => (part.type === 'tool_call' ? [part.id] : []));
}

/**
 * What the user says, with a `cancelled` result for every open call that it does not answer: providers refuse a
 * conversation in which a call stays open, and a client of an older version cannot answer one.
 */
export function closeToolCalls(history: readonly Message[], input: readonly Part[]): Part[] {
  const open = openToolCalls(history);
  if (open.length === 0) return [...input];
  const answered = new Set(input.flatMap((part) => (part.type === 'tool_result' ? [part.toolCallId] : [])));
  const closed = open
    .filter((id) => !answered.has(id))
    .map((id): Part => ({ type: 'tool_result', toolCallId: id, content: '', status: 'cancelled' }));
  const results = input.filter((part) => part.type === 'tool_result');
  return [...closed, ...results, ...input.filter((part) => part.type !== 'tool_result')];
}
