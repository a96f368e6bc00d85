import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import { inboundOf, webhookOf } from '../../support/scripted-channel.ts';
import { makeWebhooks, type WebhooksOptions, type WebhooksUnderTest } from './under-test.ts';

describe('the inbox', () => {
  let under: WebhooksUnderTest;
  const make = async (options?: WebhooksOptions) => {
    under = await makeWebhooks(options);
    return under;
  };
  afterEach(() => under.close());

  const broken = (): { around: (store: Store) => Store; works: (wanted: boolean) => void } => {
    let works = true;
    return {
      works: (wanted) => {
        works = wanted;
      },
      around: (store) => ({
        ...store,
        acceptEvents: async (events) => {
          if (!works) throw new GatewayError('STORE_UNAVAILABLE', 'The disk is full.');
          return store.acceptEvents(events);
        },
      }),
    };
  };

  it('acknowledges in the platform’s words once the events are stored, and answers them', async () => {
    const { gateway, channel, store } = await make();
    const answer = await gateway.webhooks.receive(
      'scripted',
      webhookOf([inboundOf(), inboundOf({ conversation: 'b' })]),
    );
    assert.deepEqual(answer, { status: 200, body: '2' });
    assert.equal((await store.listEvents({}, { limit: 9 })).items.length, 2);
    await under.rest();
    assert.deepEqual(channel.shown(), ['<Hello there>', '<Hello there>']);
  });

  it('answers one of many copies, at the same time and later', async () => {
    const { gateway, channel } = await make();
    const copies = webhookOf([inboundOf()]);
    await Promise.all(Array.from({ length: 20 }, () => gateway.webhooks.receive('scripted', copies)));
    await under.rest();
    assert.deepEqual(await gateway.webhooks.receive('scripted', copies), { status: 200, body: '1' });
    await under.pass(5000);
    assert.equal(channel.shown().length, 1);
  });

  it('refuses what is forged, with the reason in the log alone, and stores nothing', async () => {
    const { gateway, log, store } = await make();
    const forged = webhookOf([inboundOf()], { forged: 'yes' });
    await assert.rejects(gateway.webhooks.receive('scripted', forged), (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, 'UNAUTHORIZED');
      assert.doesNotMatch(error.message, /forged/);
      return true;
    });
    assert.ok(log.lines.some(({ fields }) => fields.reason === 'it is forged'));
    assert.equal((await store.listEvents({}, { limit: 9 })).items.length, 0);
    await assert.rejects(
      gateway.webhooks.receive('scripted', webhookOf([], { forged: 'yes', challenge: 'x' })),
      isError('UNAUTHORIZED'),
    );
  });

  it('takes anything when it was told not to verify', async () => {
    const { gateway } = await make({ verifySignature: false });
    assert.equal((await gateway.webhooks.receive('scripted', webhookOf([], { forged: 'yes' }))).status, 200);
  });

  it('shakes hands without storing anything', async () => {
    const { gateway, store } = await make();
    const answer = await gateway.webhooks.receive('scripted', webhookOf([inboundOf()], { challenge: 'x' }));
    assert.equal(answer.body, 'shake');
    assert.equal((await store.listEvents({}, { limit: 9 })).items.length, 0);
  });

  it('knows no channel that is not there or lacks its secrets', async () => {
    const { gateway } = await make({ channel: { configured: false } });
    for (const name of ['scripted', 'other']) {
      await assert.rejects(gateway.webhooks.receive(name, webhookOf([])), isError('NOT_FOUND'));
    }
  });

  it('keeps own messages and what is of no use, and does nothing about them', async () => {
    const { channel, store } = await make();
    await under.push({ sender: { id: 'me', isBot: true, isSelf: true } });
    await under.push({ kind: 'ignored', reason: 'a reaction' });
    await under.rest();
    const { items } = await store.listEvents({ state: 'ignored' }, { limit: 9 });
    assert.deepEqual(items.map(({ ignored }) => ignored).sort(), ['a reaction', 'own message']);
    assert.deepEqual(channel.calls, []);
  });

  it('asks the platform to send again while the store cannot store, and takes it then', async () => {
    const disk = broken();
    const { gateway, channel } = await make({ around: disk.around });
    const webhook = webhookOf([inboundOf()]);
    disk.works(false);
    await assert.rejects(gateway.webhooks.receive('scripted', webhook), isError('STORE_UNAVAILABLE'));
    disk.works(true);
    await gateway.webhooks.receive('scripted', webhook);
    await under.rest();
    assert.equal(channel.shown().length, 1);
  });

  it('says so to a platform that would not send again', async () => {
    const disk = broken();
    const { gateway } = await make({ around: disk.around, channel: { apologizes: true } });
    disk.works(false);
    assert.deepEqual(await gateway.webhooks.receive('scripted', webhookOf([inboundOf()])), {
      status: 200,
      body: 'sorry',
    });
  });
});
