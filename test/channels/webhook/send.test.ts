import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { createWebhookChannel } from '../../../src/channels/webhook/index.ts';
import type { OutboundSend } from '../../../src/core/ports/channel.ts';
import { makeWebhook, secrets } from './subject.ts';

describe('webhook: what is sent to the callback', () => {
  const { signal } = new AbortController();
  let webhook: Awaited<ReturnType<typeof makeWebhook>>;
  const outbound = (more: Partial<OutboundSend> = {}): OutboundSend => ({
    target: webhook.target(),
    chunk: { text: '**Hello** 👋', plain: '**Hello** 👋' },
    plain: false,
    deliveryId: 'evt_01abc.0',
    first: true,
    ...more,
  });

  beforeEach(async () => {
    webhook = await makeWebhook();
  });
  afterEach(async () => {
    await webhook.channel.close();
    await webhook.fake.close();
  });

  it('says what it answers, and which part it is', async () => {
    const { channel, fake, clock } = webhook;
    assert.deepEqual(await channel.send(outbound(), signal), { message: 'evt_01abc-0' });
    await channel.send(outbound({ first: false, plain: true, deliveryId: 'evt_01abc.1' }), signal);
    const data = { conversation: '5', inReplyTo: 'msg_9', text: '**Hello** 👋', format: 'markdown', continues: false };
    const timestamp = new Date(clock.now()).toISOString();
    assert.deepEqual(
      [...fake.taken],
      [
        ['evt_01abc-0', { type: 'answer', timestamp, data }],
        ['evt_01abc-1', { type: 'answer', timestamp, data: { ...data, format: 'plain', continues: true } }],
      ],
    );
    assert.equal(fake.requests[0]?.path, '/callback?key=of-the-callback');
    assert.equal(fake.requests[0]?.headers['content-type'], 'application/json');
  });

  it('keeps the id of a delivery over its tries, and gives each the time and signature of its own', async () => {
    const { channel, fake, clock } = webhook;
    fake.next({ status: 500 });
    await assert.rejects(channel.send(outbound(), signal));
    clock.advance(120_000);
    await channel.send(outbound(), signal);
    const [first, second] = fake.requests.map(({ headers }) => headers);
    assert.equal(first?.['webhook-id'], second?.['webhook-id']);
    assert.equal(Number(second?.['webhook-timestamp']) - Number(first?.['webhook-timestamp']), 120);
    assert.notEqual(first?.['webhook-signature'], second?.['webhook-signature']);
  });

  it('signs with each of its secrets, so that a receiver may have either', async () => {
    const { channel, fake } = webhook;
    await channel.send(outbound(), signal);
    const [request] = fake.requests;
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    for (const secret of [secrets.now, secrets.old])
      assert.ok(new Webhook(secret).verify(request?.body ?? '', headers));
    assert.throws(() => new Webhook(secrets.strange).verify(request?.body ?? '', headers));
  });

  it('does not hear its own answer, should it come back', async () => {
    const { channel, fake, clock } = webhook;
    await channel.send(outbound(), signal);
    const [request] = fake.requests;
    const echo = {
      method: 'POST',
      path: '/webhook/webhook',
      headers: { ...request?.headers },
      body: Buffer.from(request?.body ?? ''),
      receivedAt: clock.now(),
    };
    assert.ok(channel.authenticate(echo).accepted);
    const [event] = channel.parse(echo);
    assert.deepEqual([event?.kind, event?.sender.isSelf], ['ignored', true]);
  });

  it('is not configured without a secret or an address that can be called', () => {
    const { clock } = webhook;
    const secret = secrets.now;
    for (const settings of [{ secret }, { callbackUrl: 'https://x.org' }, { secret, callbackUrl: 'no address' }]) {
      assert.equal(createWebhookChannel({ ...settings, clock }).configured, false);
    }
    assert.equal(createWebhookChannel({ secret, callbackUrl: 'https://x.org', clock }).configured, true);
  });
});
