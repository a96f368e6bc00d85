import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { type ChannelName, channelNames, channelsAt, signEvent } from './identity.ts';
import { startPlatforms } from './platforms.ts';
import { pushUntilTaken } from './push.ts';
import type { Kill } from './under-way.ts';
import { judge, type Verdict } from './verdict.ts';

export interface DurabilityOptions {
  seed: number;
  events: number;
  kills: number;
  /** How often each event is sent at the same time. */
  copies: number;
}

export interface Report extends Verdict, Omit<DurabilityOptions, 'kills'> {
  seconds: number;
  /** Events that were given up. */
  parked: number;
}

const senders = 48;
const conversations = 400;
/** With nothing new at any platform, what is missing will not come. */
const patienceMs = 20_000;

export async function runDurability(options: DurabilityOptions): Promise<Report> {
  const random = createSeededRandom(options.seed);
  const startedAt = Date.now();
  const platforms = await startPlatforms(random);
  const gateway = await startGatewayProcess({
    channels: channelsAt(platforms.url),
    limits: { requestsPerMinute: 1_000_000_000 },
    log: { level: 'error' },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const acknowledged = new Map<number, ChannelName>();
  const kills: Kill[] = [];

  const channelOf = (event: number) => channelNames[event % channelNames.length] ?? 'webhook';
  const sign = (event: number) => () => signEvent(channelOf(event), event, 1000 + (event % conversations), Date.now());
  /** From 0 to 1: half of it is taking events, half is answering them. */
  const progress = () => (acknowledged.size + platforms.arrivals.size) / (2 * options.events);

  async function send(): Promise<void> {
    let next = 0;
    const one = async () => {
      while (next < options.events) {
        const event = next++;
        await pushUntilTaken(agent, gateway.address, sign(event), options.copies);
        acknowledged.set(event, channelOf(event));
      }
    };
    await Promise.all(Array.from({ length: senders }, one));
  }

  async function kill(): Promise<void> {
    const moments = Array.from({ length: options.kills }, () => random.fraction() * 0.98).sort((a, b) => a - b);
    for (const moment of moments) {
      await settle(() => progress() >= moment);
      await sleep(random.fraction() * 100);
      kills.push(await gateway.killAndRestart());
    }
  }

  /** Waits until it holds, as long as anything moves. */
  async function settle(holds: () => boolean): Promise<void> {
    let last = progress();
    for (let still = Date.now(); !holds() && Date.now() - still < patienceMs; await sleep(5)) {
      if (progress() === last) continue;
      last = progress();
      still = Date.now();
    }
  }

  try {
    await Promise.all([send(), kill()]);
    await settle(() => platforms.arrivals.size >= options.events);
    // Platforms also send again what was answered long ago.
    for (let event = 0; event < options.events; event += 10) {
      await pushUntilTaken(agent, gateway.address, sign(event), 1);
    }
    await quiet(() => gateway.read('/api/v2/channels'));
    const parked = await gateway.read('/api/v2/webhooks/events?state=parked&limit=100');
    const verdict = judge(acknowledged, platforms.arrivals, kills);
    return { ...options, ...verdict, parked: itemsOf(parked).length, seconds: (Date.now() - startedAt) / 1000 };
  } finally {
    agent.destroy();
    await gateway.close();
    await platforms.close();
  }
}

/** Waits until nothing waits any more. */
async function quiet(readChannels: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(50)) {
    if (itemsOf(await readChannels()).every((channel) => queuedIn(channel) === 0)) return;
  }
}

function queuedIn(channel: unknown): unknown {
  return typeof channel === 'object' && channel !== null && 'queued' in channel ? channel.queued : undefined;
}

function itemsOf(page: unknown): unknown[] {
  if (Array.isArray(page)) return page;
  if (typeof page !== 'object' || page === null) return [];
  return Object.values(page).find((value): value is unknown[] => Array.isArray(value)) ?? [];
}
