import type { ChannelName } from './identity.ts';
import type { Arrival } from './platforms.ts';

/** What became of the events of one channel. */
export interface Tally {
  channel: ChannelName;
  acknowledged: number;
  /** Of these, with no answer. */
  lost: number;
  /** Messages beyond the first, where the platform could not tell that it had them. */
  duplicates: number;
  /** Tries beyond the first that the platform knew by their identity, and that nobody saw. */
  recognised: number;
}

/** Sends that can be made idempotent; elsewhere one that was under way in a kill may be seen twice. */
const idempotent: readonly ChannelName[] = ['discord', 'webhook'];
/** From a message at the platform to its row that says so, on a slow machine. */
const underWayMs = 1000;

export interface Verdict {
  tallies: Tally[];
  violations: string[];
}

export function judge(
  acknowledged: ReadonlyMap<number, ChannelName>,
  arrivals: ReadonlyMap<number, Arrival[]>,
  kills: readonly number[],
): Verdict {
  const tallies = new Map<ChannelName, Tally>();
  const violations: string[] = [];
  for (const [event, channel] of acknowledged) {
    const tally = tallies.get(channel) ?? { channel, acknowledged: 0, lost: 0, duplicates: 0, recognised: 0 };
    tallies.set(channel, tally);
    tally.acknowledged += 1;
    const came = arrivals.get(event) ?? [];
    const messages = firstOfEach(came);
    tally.recognised += came.length - messages.length;
    tally.duplicates += Math.max(0, messages.length - 1);
    if (messages.length === 0) {
      tally.lost += 1;
      violations.push(`${channel}: event ${event} was acknowledged and never answered`);
    }
    if (messages.length > 1) violations.push(...faultsOf(event, channel, messages, kills));
  }
  return { tallies: [...tallies.values()], violations };
}

function firstOfEach(arrivals: readonly Arrival[]): Arrival[] {
  const seen = new Map<string, Arrival>();
  for (const arrival of arrivals) if (!seen.has(arrival.identity)) seen.set(arrival.identity, arrival);
  return [...seen.values()];
}

function faultsOf(
  event: number,
  channel: ChannelName,
  messages: readonly Arrival[],
  kills: readonly number[],
): string[] {
  if (idempotent.includes(channel)) return [`${channel}: event ${event} was answered ${messages.length} times`];
  const unexplained = messages.slice(1).filter(({ at }, index) => {
    const before = messages[index]?.at ?? 0;
    // It was under way when the gateway was killed, and sent again by the next one.
    return !kills.some((kill) => kill > before - underWayMs && kill - before < underWayMs && at >= kill);
  });
  return unexplained.length === 0 ? [] : [`${channel}: event ${event} was sent again, and no kill tells why`];
}
