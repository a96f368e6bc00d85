import type { StoredEvent } from './ports/event-store.ts';

/**
 * Two bots that answer each other never stop by themselves. A bot that was let in may say so much in a minute in one
 * conversation, then it is not heard for another.
 */
export interface LoopGuard {
  /** False when this event of a bot is one too many. */
  admits(event: StoredEvent, now: number): boolean;
}

const windowMs = 60_000;
const mostInWindow = 20;
const mostPairs = 10_000;

export function createLoopGuard(): LoopGuard {
  const heard = new Map<string, number[]>();
  const silencedUntil = new Map<string, number>();

  return {
    admits(event, now) {
      if (!event.sender.isBot) return true;
      const pair = `${event.channel} ${event.conversation} ${event.sender.id}`;
      if ((silencedUntil.get(pair) ?? 0) > now) return false;
      const times = (heard.get(pair) ?? []).filter((time) => time > now - windowMs);
      times.push(now);
      if (heard.size >= mostPairs && !heard.has(pair)) heard.clear();
      heard.set(pair, times);
      if (times.length <= mostInWindow) return true;
      heard.delete(pair);
      if (silencedUntil.size >= mostPairs) silencedUntil.clear();
      silencedUntil.set(pair, now + windowMs);
      return false;
    },
  };
}
