import assert from 'node:assert/strict';
import type { NewEvent } from '../../../src/core/ports/event-store.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import { answerTo, eventOf } from '../events.ts';
import type { StoreSite } from '../store.contract.ts';
import { turnOf } from '../turns.ts';

export function describeEvents(makeSite: () => Promise<StoreSite>): void {
  describe('events', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    async function accept(...events: NewEvent[]): Promise<NewEvent[]> {
      await store.acceptEvents(events);
      return events;
    }

    async function claim(now = 1000, limit = 32): Promise<string[]> {
      return (await store.claimEvents('telegram', now, limit)).map(({ id }) => id);
    }

    async function stateOf({ id }: NewEvent) {
      return (await store.getEvent(id))?.event;
    }

    async function reopen(recover = true): Promise<void> {
      await store.close();
      store = await site.open({ recover, now: 1000 });
    }

    describe('accepting', () => {
      it('keeps an event as it was given', async () => {
        const whole = eventOf({
          conversation: 'C1:9',
          conversationKind: 'group',
          group: 'C1',
          target: { address: { a: 'b' }, expiresAt: 5 },
        });
        const bare = eventOf({ sender: { id: '8', isBot: true } });
        assert.deepEqual(await store.acceptEvents([whole, bare]), [whole.id, bare.id]);
        await reopen();
        for (const given of [whole, bare]) {
          const { dedupeKeys: _, dedupeUntil: __, ...event } = given;
          assert.deepEqual(await store.getEvent(given.id), {
            event: { ...event, state: 'pending', attempts: 0, interruptions: 0, dueAt: 1000 },
            deliveries: [],
          });
        }
        assert.equal(await store.getEvent('evt_none'), null);
      });

      it('leaves out what was seen, all or partly, and notes the names of that too', async () => {
        const first = eventOf({ dedupeKeys: ['a', 'b'] });
        await accept(first);
        assert.deepEqual(await store.acceptEvents([eventOf({ dedupeKeys: ['a', 'b'] })]), []);
        assert.deepEqual(await store.acceptEvents([eventOf({ dedupeKeys: ['b', 'c'] })]), []);
        assert.deepEqual(await store.acceptEvents([eventOf({ dedupeKeys: ['c', 'd'] })]), []);
        assert.deepEqual(await store.acceptEvents([eventOf({ dedupeKeys: ['d'] })]), []);
        const other = eventOf({ dedupeKeys: ['e'] });
        assert.deepEqual(await store.acceptEvents([other]), [other.id]);
        assert.equal((await store.listEvents({}, { limit: 10 })).items.length, 2);
      });

      it('accepts one of many that come at the same time, also within one call', async () => {
        const same = Array.from({ length: 50 }, () => eventOf({ dedupeKeys: ['same'] }));
        const accepted = await Promise.all(
          same.map((event) => store.acceptEvents([event, { ...event, id: `${event.id}b` }])),
        );
        assert.equal(accepted.flat().length, 1);
      });

      it('knows the names of each channel apart, and no longer than they are kept', async () => {
        await accept(eventOf({ dedupeKeys: ['a'], dedupeUntil: 2000 }));
        const elsewhere = eventOf({ dedupeKeys: ['a'], channel: 'slack' });
        assert.deepEqual(await store.acceptEvents([elsewhere]), [elsewhere.id]);
        assert.deepEqual(await store.acceptEvents([eventOf({ dedupeKeys: ['a'], receivedAt: 1999 })]), []);
        const later = eventOf({ dedupeKeys: ['a'], receivedAt: 2001 });
        assert.deepEqual(await store.acceptEvents([later]), [later.id]);
      });

      it('keeps what is ignored, and gives no work with it', async () => {
        const dropped = eventOf({ ignored: 'own message' });
        assert.deepEqual(await store.acceptEvents([dropped]), []);
        assert.deepEqual(await claim(), []);
        const kept = await stateOf(dropped);
        assert.equal(kept?.state, 'ignored');
        assert.equal(kept?.ignored, 'own message');
        assert.equal(kept?.endedAt, 1000);
        assert.deepEqual(await store.acceptEvents([{ ...eventOf(), dedupeKeys: dropped.dedupeKeys }]), []);
      });

      it('takes all of a call or nothing', async () => {
        const twice = eventOf();
        const broken = { ...eventOf(), id: twice.id };
        await assert.rejects(store.acceptEvents([twice, broken]), isError('CONFLICT'));
        assert.deepEqual(await store.acceptEvents([{ ...twice, id: 'evt_again' }]), ['evt_again']);
      });
    });

    describe('claiming', () => {
      it('gives the oldest of each conversation, side by side', async () => {
        const [a1, , b1, otherChannel] = await accept(
          eventOf({ conversation: 'a' }),
          eventOf({ conversation: 'a' }),
          eventOf({ conversation: 'b' }),
          eventOf({ conversation: 'a', channel: 'slack' }),
        );
        assert.deepEqual(await claim(), [a1?.id, b1?.id]);
        assert.deepEqual(await claim(), []);
        assert.deepEqual(
          (await store.claimEvents('slack', 1000, 32)).map(({ id }) => id),
          [otherChannel?.id],
        );
      });

      it('gives the next of a conversation when the one before has ended', async () => {
        const [first, second, third] = await accept(eventOf(), eventOf(), eventOf());
        assert.ok(first && second && third);
        assert.deepEqual(await claim(), [first.id]);
        await store.settleEvent(first.id, { state: 'ignored', reason: 'no text', now: 1001 });
        assert.deepEqual(await claim(), [second.id]);
        await store.answerEvent(answerTo(second), 1002);
        assert.deepEqual(await claim(), [third.id]);
      });

      it('never gives a later one while an earlier waits for its time', async () => {
        const [first, second] = await accept(eventOf(), eventOf());
        assert.ok(first && second);
        await claim();
        await store.settleEvent(first.id, { state: 'pending', dueAt: 5000, error: 'INTERNAL', counted: true });
        assert.deepEqual(await claim(4999), []);
        assert.deepEqual(await claim(5000), [first.id]);
      });

      it('gives no more than asked for', async () => {
        const events = await accept(...['a', 'b', 'c'].map((conversation) => eventOf({ conversation })));
        assert.deepEqual(
          await claim(1000, 2),
          events.slice(0, 2).map(({ id }) => id),
        );
        assert.deepEqual(
          await claim(1000, 2),
          events.slice(2).map(({ id }) => id),
        );
      });

      it('counts the tries that count', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        const tries: number[] = [];
        for (const counted of [true, false, false, true]) {
          const [claimed] = await store.claimEvents('telegram', 1000, 1);
          tries.push(claimed?.attempts ?? 0);
          await store.settleEvent(event.id, { state: 'pending', dueAt: 1000, error: 'RATE_LIMITED', counted });
        }
        assert.deepEqual(tries, [1, 2, 2, 2]);
        assert.equal((await stateOf(event))?.error, 'RATE_LIMITED');
      });

      it('gives an event to one of those who ask at the same time', async () => {
        await accept(...Array.from({ length: 40 }, (_, index) => eventOf({ conversation: String(index) })));
        const claimed = await Promise.all(Array.from({ length: 8 }, () => claim(1000, 10)));
        const ids = claimed.flat();
        assert.equal(ids.length, 40);
        assert.equal(new Set(ids).size, 40);
      });
    });

    describe('after a crash', () => {
      it('gives back what was taken, counts that apart from the tries, and keeps the order', async () => {
        const [first, second] = await accept(eventOf(), eventOf());
        assert.ok(first && second);
        for (const interruptions of [0, 1, 2]) {
          const [claimed] = await store.claimEvents('telegram', 1000, 32);
          assert.deepEqual(
            { id: claimed?.id, attempts: claimed?.attempts, interruptions: claimed?.interruptions },
            { id: first.id, attempts: 1, interruptions },
          );
          await reopen();
        }
      });

      it('gives what was there at three ends of a process apart, and alone', async () => {
        const [a, b] = await accept(eventOf({ conversation: 'a' }), eventOf({ conversation: 'b', channel: 'slack' }));
        assert.ok(a && b);
        for (let ends = 0; ends < 3; ends += 1) {
          assert.deepEqual(await store.claimSuspects(1000, 9), []);
          await claim();
          await store.claimEvents('slack', 1000, 32);
          await reopen();
        }
        const innocent = eventOf({ conversation: 'c' });
        await accept(innocent);
        assert.deepEqual(await claim(), [innocent.id]);
        const [first] = await store.claimSuspects(1000, 1);
        assert.deepEqual({ id: first?.id, interruptions: first?.interruptions }, { id: a.id, interruptions: 3 });
        await reopen();
        const interruptions = async ({ id }: NewEvent) => (await store.getEvent(id))?.event.interruptions;
        assert.deepEqual([await interruptions(a), await interruptions(b), await interruptions(innocent)], [4, 3, 1]);
      });

      it('leaves the work of a gateway to it when a command opens the store', async () => {
        await accept(eventOf());
        await claim();
        await reopen(false);
        assert.deepEqual(await claim(), []);
      });

      it('gives deliveries back, in their order, a moment later', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        await store.answerEvent(answerTo(event, 2), 1000);
        assert.equal((await store.claimDeliveries('telegram', 1000, 9)).length, 1);
        await reopen();
        assert.deepEqual(await store.claimDeliveries('telegram', 1999, 9), []);
        assert.deepEqual(
          (await store.claimDeliveries('telegram', 2000, 9)).map(({ id, attempts }) => ({ id, attempts })),
          [{ id: `${event.id}.0`, attempts: 2 }],
        );
      });

      it('still knows what was seen', async () => {
        await accept(eventOf({ dedupeKeys: ['a'] }));
        await reopen();
        assert.deepEqual(await store.acceptEvents([eventOf({ dedupeKeys: ['a'] })]), []);
      });
    });

    describe('answering', () => {
      it('stores turn, answer and what is to be sent in one commit, once', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        const turn = turnOf({ user: 'telegram', at: 1500 });
        await store.finishTurn({ ...turn, event: answerTo(event, 2) });
        await store.finishTurn({ ...turnOf({ user: 'telegram' }), event: answerTo(event, 3) });
        await store.answerEvent(answerTo(event, 3), 1600);
        const found = await store.getEvent(event.id);
        assert.equal(found?.event.state, 'answered');
        assert.equal(found?.event.runId, turn.run.id);
        assert.equal(found?.event.endedAt, 1500);
        assert.deepEqual(
          found?.deliveries.map(({ id, place, state }) => ({ id, place, state })),
          [
            { id: `${event.id}.0`, place: 0, state: 'pending' },
            { id: `${event.id}.1`, place: 1, state: 'pending' },
          ],
        );
        assert.deepEqual((await store.getRun('telegram', turn.run.id))?.id, turn.run.id);
      });

      it('answers only what is being worked on', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await store.answerEvent(answerTo(event), 1000);
        assert.equal((await stateOf(event))?.state, 'pending');
        await claim();
        await store.answerEvent(answerTo(event), 1000);
        await store.settleEvent(event.id, { state: 'pending', dueAt: 0, error: 'late', counted: true });
        await store.settleEvent(event.id, { state: 'parked', error: 'late', now: 1 });
        assert.equal((await stateOf(event))?.state, 'answered');
      });

      it('stores neither when one of them cannot be stored', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        const turn = turnOf();
        await store.finishTurn(turn);
        await assert.rejects(store.finishTurn({ ...turn, event: answerTo(event) }));
        const found = await store.getEvent(event.id);
        assert.equal(found?.event.state, 'processing');
        assert.deepEqual(found?.deliveries, []);
      });

      it('remembers the placeholder for the next try', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        await store.rememberPlaceholder(event.id, 'm1');
        await reopen();
        const [again] = await store.claimEvents('telegram', 1000, 1);
        assert.equal(again?.placeholder, 'm1');
      });
    });

    describe('listing', () => {
      it('pages the newest first, by channel and state', async () => {
        const events = await accept(
          ...Array.from({ length: 5 }, (_, index) =>
            eventOf({ conversation: String(index), channel: index % 2 ? 'slack' : 'telegram' }),
          ),
        );
        const [parked] = events;
        assert.ok(parked);
        await claim();
        await store.settleEvent(parked.id, { state: 'parked', error: 'INTERNAL', now: 1200 });
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.listEvents({}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        assert.deepEqual(seen, events.map(({ id }) => id).reverse());
        assert.equal((await store.listEvents({ channel: 'slack' }, { limit: 9 })).items.length, 2);
        assert.deepEqual(
          (await store.listEvents({ channel: 'telegram', state: 'parked' }, { limit: 9 })).items.map(({ id }) => id),
          [parked.id],
        );
        await assert.rejects(store.listEvents({}, { limit: 1, cursor: 'nonsense' }), isError('INVALID_REQUEST'));
      });

      it('tells of each channel what waits, what came last and what failed last', async () => {
        const [first, second] = await accept(
          eventOf({ conversation: 'a' }),
          eventOf({ conversation: 'b', receivedAt: 1700 }),
          eventOf({ channel: 'slack', ignored: 'x' }),
        );
        assert.ok(first && second);
        await claim(2000);
        await store.answerEvent(answerTo(first, 3), 1800);
        await store.settleEvent(second.id, { state: 'parked', error: 'PROVIDER_ERROR', now: 1900 });
        const activity = new Map((await store.channelActivity()).map((entry) => [entry.channel, entry]));
        assert.deepEqual(activity.get('telegram'), {
          channel: 'telegram',
          queued: 3,
          lastEventAt: 1700,
          lastError: 'PROVIDER_ERROR',
        });
        assert.deepEqual(activity.get('slack'), { channel: 'slack', queued: 0, lastEventAt: 1000 });
      });
    });

    describe('replaying', () => {
      it('makes a parked event pending, with all its tries', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        await store.settleEvent(event.id, { state: 'parked', error: 'INTERNAL', now: 1200 });
        assert.deepEqual(await claim(9999), []);
        const replayed = await store.replayEvent(event.id, 2000);
        assert.equal(replayed?.state, 'pending');
        assert.equal(replayed?.attempts, 0);
        assert.equal(replayed?.endedAt, undefined);
        assert.deepEqual(await claim(1999), []);
        assert.deepEqual(await claim(2000), [event.id]);
        assert.equal(await store.replayEvent('evt_none', 0), null);
      });

      it('makes parked deliveries pending, and leaves what was sent', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        await store.answerEvent(answerTo(event, 3), 1000);
        const [first] = await store.claimDeliveries('telegram', 1000, 9);
        await store.settleDelivery(first?.id ?? '', { state: 'sent', message: 'm', now: 1001 });
        const [second] = await store.claimDeliveries('telegram', 1000, 9);
        await store.settleDelivery(second?.id ?? '', { state: 'parked', error: 'refused', now: 1002 });
        const replayed = await store.replayEvent(event.id, 2000);
        assert.equal(replayed?.state, 'answered');
        const states = (await store.getEvent(event.id))?.deliveries.map(
          ({ state, attempts }) => `${state} ${attempts}`,
        );
        assert.deepEqual(states, ['sent 1', 'pending 0', 'pending 0']);
      });

      it('puts it before what came later in the conversation, and never beside it', async () => {
        const [first, second, third] = await accept(eventOf(), eventOf(), eventOf());
        assert.ok(first && second && third);
        await claim();
        await store.settleEvent(first.id, { state: 'parked', error: 'INTERNAL', now: 1200 });
        assert.deepEqual(await claim(), [second.id]);
        await store.replayEvent(first.id, 1000);
        assert.deepEqual(await claim(), []);
        await store.settleEvent(second.id, { state: 'parked', error: 'INTERNAL', now: 1200 });
        assert.deepEqual(await claim(), [first.id]);
        await store.answerEvent(answerTo(first), 1000);
        await store.replayEvent(second.id, 1000);
        assert.deepEqual(await claim(), [second.id]);
        await store.answerEvent(answerTo(second), 1000);
        assert.deepEqual(await claim(), [third.id]);
      });

      it('keeps a notice before the answer, and forgets it with the replay', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        const [part] = answerTo(event).deliveries;
        assert.ok(part);
        const notice = { ...part, id: `${event.id}.9999` };
        const parked = { state: 'parked', error: 'INTERNAL', now: 1200, notice } as const;
        await store.settleEvent(event.id, parked);
        await store.settleEvent(event.id, parked);
        const ids = async () => (await store.getEvent(event.id))?.deliveries.map(({ id, place }) => [id, place]);
        assert.deepEqual(await ids(), [[notice.id, -1]]);
        await store.replayEvent(event.id, 2000);
        assert.deepEqual(await ids(), []);
        await claim(2000);
        await store.settleEvent(event.id, parked);
        await store.claimDeliveries('telegram', 2000, 9);
        await store.replayEvent(event.id, 2100);
        await claim(2100);
        await store.answerEvent(answerTo(event, 2), 2200);
        // It is under way: the answer waits for it, and what becomes of it is nothing to the answer.
        assert.deepEqual(await store.claimDeliveries('telegram', 2200, 9), []);
        await store.settleDelivery(notice.id, { state: 'parked', error: 'expired', now: 2300 });
        assert.deepEqual(
          (await store.claimDeliveries('telegram', 2300, 9)).map(({ id }) => id),
          [`${event.id}.0`],
        );
      });

      it('does nothing to an event that is on its way', async () => {
        const [event] = await accept(eventOf());
        assert.ok(event);
        await claim();
        assert.equal((await store.replayEvent(event.id, 2000))?.state, 'processing');
        assert.deepEqual(await claim(9999), []);
      });
    });
  });
}
