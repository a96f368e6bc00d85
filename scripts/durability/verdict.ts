import { type ChannelName, channelNames } from './identity.ts';
import type { Arrival } from './platforms.ts';
import type { Kill } from './under-way.ts';

/** What became of the events of one channel. */
export interface Tally {
  channel: ChannelName;
  acknowledged: number;
  /** Of these, with no answer. */
  lost: number;
  /** Events that were answered by a second message, because the platform could not tell that it had the first. */
  duplicates: number;
  /** Of these, those that were under way in more than one kill, and came a third time. */
  thirds: number;
  /** Tries beyond the first that the platform knew by their identity, and that nobody saw. */
  recognised: number;
}

/** A kill, and what it led to. */
export interface KillTally {
  /** Sends under way at that moment where the platform cannot tell that it has a message: what may be seen twice. */
  underWay: number;
  /** Of these, those that were seen twice. */
  repeated: number;
}

/** Where a send can be made idempotent; elsewhere one that was under way in a kill may be seen twice. */
const idempotent: readonly ChannelName[] = ['discord', 'webhook'];
/** So many sends of a channel that is not idempotent go at once: the most that a kill can make visible twice. */
const mostUnderWay = 4;

export interface Verdict {
  tallies: Tally[];
  /** In their order. */
  kills: KillTally[];
  violations: string[];
}

export function judge(
  acknowledged: ReadonlyMap<number, ChannelName>,
  arrivals: ReadonlyMap<number, Arrival[]>,
  kills: readonly Kill[],
): Verdict {
  const byKill = kills.map(({ underWay }) => ({ underWay: underWay.filter(isUncertain).length, repeated: 0 }));
  const tallies = new Map<ChannelName, Tally>();
  const violations: string[] = kills.flatMap(tooMuchUnderWay);
  for (const [event, channel] of acknowledged) {
    const tally = tallies.get(channel) ?? {
      channel,
      acknowledged: 0,
      lost: 0,
      duplicates: 0,
      thirds: 0,
      recognised: 0,
    };
    tallies.set(channel, tally);
    tally.acknowledged += 1;
    const came = arrivals.get(event) ?? [];
    const messages = firstOfEach(came);
    tally.recognised += came.length - messages.length;
    if (messages.length > 1) tally.duplicates += 1;
    if (messages.length > 2) tally.thirds += 1;
    if (messages.length === 0) {
      tally.lost += 1;
      violations.push(`${channel}: event ${event} was acknowledged and never answered`);
    }
    violations.push(...faultsOf(event, channel, messages, kills, byKill));
  }
  return { tallies: [...tallies.values()], kills: byKill, violations };
}

function isUncertain({ channel }: { channel: ChannelName }): boolean {
  return !idempotent.includes(channel);
}

function tooMuchUnderWay({ underWay }: Kill, index: number): string[] {
  return channelNames
    .filter((channel) => isUncertain({ channel }))
    .map((channel) => ({ channel, count: underWay.filter((send) => send.channel === channel).length }))
    .filter(({ count }) => count > mostUnderWay)
    .map(({ channel, count }) => `${channel}: ${count} sends were under way at kill ${index + 1}`);
}

function firstOfEach(arrivals: readonly Arrival[]): Arrival[] {
  const seen = new Map<string, Arrival>();
  for (const arrival of arrivals) if (!seen.has(arrival.identity)) seen.set(arrival.identity, arrival);
  return [...seen.values()];
}

/** Every further message is explained by a kill of its own that this very send was under way in, and by nothing else. */
function faultsOf(
  event: number,
  channel: ChannelName,
  messages: readonly Arrival[],
  kills: readonly Kill[],
  byKill: KillTally[],
): string[] {
  const [, ...further] = messages;
  if (further.length === 0) return [];
  if (idempotent.includes(channel)) return [`${channel}: event ${event} was answered ${messages.length} times`];
  const causes = kills.flatMap(({ at, underWay }, index) =>
    underWay.some((send) => send.channel === channel && send.event === event) ? [{ at, tally: byKill[index] }] : [],
  );
  const unexplained = further.filter(({ at }) => {
    const cause = causes[0] && causes[0].at <= at ? causes.shift() : undefined;
    if (cause?.tally) cause.tally.repeated += 1;
    return !cause;
  });
  return unexplained.length === 0
    ? []
    : [`${channel}: event ${event} was sent again, and no kill that it was under way in tells why`];
}
