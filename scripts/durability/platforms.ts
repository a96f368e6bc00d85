import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/core/ports/random.ts';
import {
  type FakeAnswer,
  type FakePlatform,
  type Received,
  startFakePlatform,
} from '../../test/support/fake-platform.ts';
import type { ChannelName } from './identity.ts';
import { eventOf } from './under-way.ts';

/** A message that a platform was sent, under the name by which it knows messages apart. */
export interface Arrival {
  channel: ChannelName;
  /** The same for every try where the platform knows idempotent sends. */
  identity: string;
  at: number;
}

export interface Platforms extends FakePlatform {
  /** By event: what new messages came in answer to it. */
  readonly arrivals: ReadonlyMap<number, Arrival[]>;
}

/** The four platforms on one server, as slow as a platform nearby. */
export async function startPlatforms(random: Random): Promise<Platforms> {
  const arrivals = new Map<number, Arrival[]>();
  let lastMessage = 0;

  function note(channel: ChannelName, text: unknown, identity: string): void {
    const event = eventOf(text) ?? Number.NaN;
    const before = arrivals.get(event) ?? [];
    arrivals.set(event, [...before, { channel, identity, at: Date.now() }]);
  }

  function take({ path, headers, fields }: Received): FakeAnswer {
    const [, platform, rest = ''] = /^\/(\w+)\/?(.*)$/.exec(path) ?? [];
    lastMessage += 1;
    const message = String(lastMessage);
    switch (platform) {
      case 'telegram':
        if (rest.endsWith('/sendMessage')) note('telegram', fields.text, message);
        return { status: 200, body: { ok: true, result: { message_id: lastMessage } } };
      case 'discord':
        // The first message of an interaction is there already: a second try changes it once more.
        note('discord', fields.content, rest);
        return { status: 200, body: { id: message } };
      case 'slack':
        if (rest === 'chat.postMessage') note('slack', fields.text, message);
        return { status: 200, body: { ok: true, ts: `${message}.0` } };
      case 'callback':
        note('webhook', textIn(fields.data), String(headers['webhook-id']));
        return { status: 204 };
      default:
        return { status: 404 };
    }
  }

  const platform = await startFakePlatform(async (received) => {
    await sleep(1 + Math.floor(random.fraction() * 20));
    return take(received);
  });
  return { ...platform, arrivals };
}

function textIn(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'text' in data ? data.text : undefined;
}
