import assert from 'node:assert/strict';
import type { NewEvent } from '../../../src/core/ports/event-store.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { answerTo, eventOf } from '../events.ts';
import type { StoreSite } from '../store.contract.ts';

export function describeDeliveries(makeSite: () => Promise<StoreSite>): void {
  describe('deliveries', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    /** An event with its answer. */
    async function answered(chunks: number, more: Partial<NewEvent> = {}, dueAt = 1000): Promise<NewEvent> {
      const event = eventOf(more);
      await store.acceptEvents([event]);
      await store.claimEvents(event.channel, 1000, 32);
      await store.answerEvent(answerTo(event, chunks, dueAt), 1000);
      return event;
    }

    async function claim(now = 1000): Promise<string[]> {
      return (await store.claimDeliveries('telegram', now, 32)).map(({ id }) => id);
    }

    const sent = (id: string) => store.settleDelivery(id, { state: 'sent', message: `message of ${id}`, now: 1100 });

    async function statesOf({ id }: NewEvent): Promise<string[] | undefined> {
      return (await store.getEvent(id))?.deliveries.map(({ state }) => state);
    }

    it('keeps a delivery as it was given', async () => {
      const event = eventOf();
      await store.acceptEvents([event]);
      await store.claimEvents('telegram', 1000, 32);
      const { eventId, deliveries } = answerTo(event);
      const [given] = deliveries;
      assert.ok(given);
      await store.answerEvent({ eventId, deliveries: [{ ...given, replaces: 'm1' }] }, 1000);
      const whole = { ...given, replaces: 'm1', eventId, place: 0, plain: false };
      assert.deepEqual((await store.getEvent(eventId))?.deliveries, [{ ...whole, state: 'pending', attempts: 0 }]);
      assert.deepEqual(await store.claimDeliveries('telegram', 1000, 1), [{ ...whole, state: 'sending', attempts: 1 }]);
      await sent(given.id);
      assert.deepEqual((await store.getEvent(eventId))?.deliveries, [
        { ...whole, state: 'sent', attempts: 1, message: `message of ${given.id}`, endedAt: 1100 },
      ]);
    });

    it('gives the chunks of a conversation one after another, also those of the next answer', async () => {
      const first = await answered(2);
      const second = await answered(1);
      const order: string[] = [];
      for (;;) {
        const [id, ...more] = await claim();
        assert.deepEqual(more, []);
        if (id === undefined) break;
        order.push(id);
        assert.deepEqual(await claim(), []);
        await sent(id);
      }
      assert.deepEqual(order, [`${first.id}.0`, `${first.id}.1`, `${second.id}.0`]);
    });

    it('gives conversations side by side', async () => {
      const one = await answered(2, { conversation: 'one' });
      const other = await answered(2, { conversation: 'other' });
      const elsewhere = await answered(1, { conversation: 'one', channel: 'slack' });
      assert.deepEqual(await claim(), [`${one.id}.0`, `${other.id}.0`]);
      assert.deepEqual(
        (await store.claimDeliveries('slack', 1000, 32)).map(({ id }) => id),
        [`${elsewhere.id}.0`],
      );
    });

    it('gives nothing before its time, and nothing that comes after it', async () => {
      const event = await answered(2, {}, 5000);
      const later = await answered(1);
      assert.deepEqual(await claim(4999), []);
      assert.deepEqual(await claim(5000), [`${event.id}.0`]);
      await store.settleDelivery(`${event.id}.0`, { state: 'pending', dueAt: 7000, error: 'slow down', plain: true });
      assert.deepEqual(await claim(6999), []);
      const [again] = await store.claimDeliveries('telegram', 7000, 9);
      assert.deepEqual(
        { id: again?.id, plain: again?.plain, error: again?.error, attempts: again?.attempts },
        { id: `${event.id}.0`, plain: true, error: 'slow down', attempts: 2 },
      );
      assert.deepEqual(await statesOf(later), ['pending']);
    });

    it('parks the rest of an answer with the chunk that could not be sent, and goes on with the next', async () => {
      const broken = await answered(3);
      const next = await answered(1);
      await sent((await claim())[0] ?? '');
      const [second = ''] = await claim();
      await store.settleDelivery(second, { state: 'parked', error: 'refused', now: 1300 });
      assert.deepEqual(await statesOf(broken), ['sent', 'parked', 'parked']);
      const errors = (await store.getEvent(broken.id))?.deliveries.map(({ error, endedAt }) => ({ error, endedAt }));
      assert.deepEqual(errors?.slice(1), [
        { error: 'refused', endedAt: 1300 },
        { error: 'an earlier part could not be sent', endedAt: 1300 },
      ]);
      assert.deepEqual(await claim(), [`${next.id}.0`]);
    });

    it('gives a delivery to one of those who ask at the same time', async () => {
      for (let index = 0; index < 20; index += 1) await answered(1, { conversation: String(index) });
      const claimed = (await Promise.all(Array.from({ length: 8 }, () => claim()))).flat();
      assert.equal(claimed.length, 20);
      assert.equal(new Set(claimed).size, 20);
    });
  });

  describe('senders', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    const note = { channel: 'telegram', id: '7', name: 'Ann', eventId: 'evt_1' };
    const ann = { channel: 'telegram', id: '7', name: 'Ann', allowed: false, firstSeenAt: 10 };

    it('are new by the event that made them known, however often it is worked on', async () => {
      assert.deepEqual(await store.noteSender(note, 10), { ...ann, isNew: true });
      assert.deepEqual(await store.noteSender(note, 11), { ...ann, isNew: true });
      assert.deepEqual(await store.noteSender({ ...note, eventId: 'evt_2' }, 12), { ...ann, isNew: false });
      assert.equal((await store.noteSender({ ...note, channel: 'slack' }, 13)).isNew, true);
    });

    it('are let in, known or not, and stay so', async () => {
      await store.noteSender(note, 10);
      await store.allowSender('telegram', '7', 20);
      await store.allowSender('telegram', '8', 20);
      await store.close();
      store = await site.open();
      assert.deepEqual(await store.noteSender({ ...note, eventId: 'evt_2' }, 30), {
        ...ann,
        allowed: true,
        isNew: false,
      });
      const unseen = { channel: 'telegram', id: '8', allowed: true, firstSeenAt: 20 };
      assert.deepEqual(await store.noteSender({ ...note, id: '8', eventId: 'evt_3' }, 30), { ...unseen, isNew: false });
      assert.deepEqual(await store.listSenders('telegram'), [unseen, { ...ann, allowed: true }]);
      assert.deepEqual(await store.listSenders('slack'), []);
    });
  });
}
