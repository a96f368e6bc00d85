import type { InboundEvent } from '../../core/ports/channel.ts';

type Place = Pick<InboundEvent, 'conversation' | 'conversationKind' | 'group' | 'target'>;

/** A thread is a conversation of its own; `thread` is absent where people talk without one. */
export function placeOf(
  channel: string,
  isDirect: boolean,
  thread: string | undefined,
  more: Record<string, string> = {},
): Place {
  return {
    conversation: thread === undefined ? channel : `${channel}:${thread}`,
    conversationKind: isDirect ? 'direct' : 'group',
    ...(isDirect ? {} : { group: channel }),
    target: { address: { channel, ...(thread === undefined ? {} : { thread }), ...more } },
  };
}

/** So long, and so often, an answer can go to the address that came with a command: no invitation is needed there. */
const hookMs = 30 * 60_000;

/** Only Slack's own: whoever could name another would have our answers. */
export function hookIn(
  address: string | undefined,
  origins: readonly string[],
  receivedAt: number,
): Record<string, string> {
  const url = address === undefined ? null : URL.parse(address);
  if (!url || !origins.includes(url.origin)) return {};
  return { hook: url.href, hookUntil: String(receivedAt + hookMs) };
}

/** Slack writes times as seconds with the digits of an id behind the point. */
export function timeOf(ts: string): { occurredAt?: number } {
  return /^\d{1,12}\.\d+$/.test(ts) ? { occurredAt: Math.round(Number(ts) * 1000) } : {};
}
