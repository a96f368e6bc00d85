import assert from 'node:assert/strict';
import type { EventOutcome } from '../../../src/core/ports/event-store.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { answerTo, eventOf } from '../events.ts';
import type { StoreSite } from '../store.contract.ts';

const channels = ['telegram', 'slack'];
const conversations = ['a', 'b', 'c'];

/** Whatever happens in whatever order: one at a time in a conversation, the first that is open, and nothing is forgotten. */
export function describeLanes(makeSite: () => Promise<StoreSite>): void {
  describe('conversations under random use', () => {
    for (const seed of [1, 2, 3, 4]) {
      it(`keep their order (seed ${seed})`, async () => {
        const site = await makeSite();
        try {
          await use(await site.open(), (now) => site.open({ now }), seed);
        } finally {
          await site.remove();
        }
      });
    }
  });
}

async function use(opened: Store, open: (now: number) => Promise<Store>, seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const below = (end: number) => Math.floor(random.fraction() * end);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] ?? assert.fail('nothing to pick');
  let store = opened;
  let now = 1000;

  const all = async () => {
    const { items } = await store.listEvents({}, { limit: 200 });
    return Promise.all(items.reverse().map(async ({ id }) => (await store.getEvent(id)) ?? assert.fail(id)));
  };
  const laneOf = (item: { channel: string; conversation: string }) => `${item.channel} ${item.conversation}`;

  /** What may be taken by the rules, from everything that is stored. */
  async function takable(channel: string): Promise<{ events: string[]; deliveries: string[] }> {
    const stored = await all();
    const events = stored.map(({ event }) => ({ ...event, lane: laneOf(event) }));
    const deliveries = stored.flatMap((one) => one.deliveries.map((sent) => ({ ...sent, lane: laneOf(one.event) })));
    return { events: firstsOf(events, channel), deliveries: firstsOf(deliveries, channel) };
  }

  /** Of what stands in order: the first that waits in each lane where nothing is under way, if it is due. */
  function firstsOf(items: { id: string; lane: string; state: string; dueAt: number }[], channel: string): string[] {
    const under = new Set(items.flatMap(({ lane, state }) => (/processing|sending/.test(state) ? [lane] : [])));
    const first = new Map<string, (typeof items)[number]>();
    for (const item of items) if (item.state === 'pending' && !first.has(item.lane)) first.set(item.lane, item);
    return [...first.values()]
      .filter(({ lane, dueAt }) => lane.startsWith(channel) && !under.has(lane) && dueAt <= now)
      .map(({ id }) => id)
      .sort();
  }

  async function step(): Promise<void> {
    const stored = await all();
    const working = stored.filter(({ event }) => event.state === 'processing').map(({ event }) => event);
    const sent = stored.flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'sending'));
    const channel = pick(channels);
    switch (below(9)) {
      case 0:
      case 1:
        await store.acceptEvents([eventOf({ channel, conversation: pick(conversations), receivedAt: now })]);
        return;
      case 2: {
        const expected = await takable(channel);
        const claimed = (await store.claimEvents(channel, now, 50)).map(({ id }) => id);
        const rest = stored.filter(({ event }) => event.interruptions >= 3).map(({ event }) => event.id);
        assert.deepEqual(
          claimed.sort(),
          expected.events.filter((id) => !rest.includes(id)),
        );
        return;
      }
      case 3: {
        const expected = await takable(channel);
        const claimed = (await store.claimDeliveries(channel, now, 50)).map(({ id }) => id);
        assert.deepEqual(claimed.sort(), expected.deliveries);
        return;
      }
      case 4: {
        if (working.length === 0) return;
        const event = pick(working);
        const outcomes: EventOutcome[] = [
          { state: 'pending', dueAt: now + below(3), error: 'later', counted: true },
          { state: 'parked', error: 'failed', now, notice: { ...onePart(event), id: `${event.id}.9999` } },
          { state: 'ignored', reason: 'of no use', now },
        ];
        await store.settleEvent(event.id, pick(outcomes));
        return;
      }
      case 5: {
        if (working.length === 0) return;
        await store.answerEvent(answerTo(eventOf(pick(working)), 1 + below(3), now), now);
        return;
      }
      case 6: {
        if (sent.length === 0) return;
        await store.settleDelivery(
          pick(sent).id,
          pick([
            { state: 'sent', message: 'm', now } as const,
            { state: 'pending', dueAt: now + below(3), error: 'later', plain: false } as const,
            { state: 'parked', error: 'refused', now } as const,
          ]),
        );
        return;
      }
      case 7: {
        const given = stored.filter(({ event, deliveries }) =>
          [event, ...deliveries].some(({ state }) => state === 'parked'),
        );
        if (given.length > 0) await store.replayEvent(pick(given).event.id, now);
        return;
      }
      default:
        now += 1;
        if (below(10) > 0) return;
        await store.close();
        store = await open(now - 1000);
    }
  }

  for (let count = 0; count < 300; count += 1) await step();
}

function onePart(event: { id: string; channel: string }) {
  return { channel: event.channel, target: { address: {} }, chunk: { text: 'sorry', plain: 'sorry' }, dueAt: 0 };
}
