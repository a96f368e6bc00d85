import assert from 'node:assert/strict';
import type { OutboundSend } from '../../../src/core/ports/channel.ts';
import { makeDiscord } from './subject.ts';

describe('discord: what is sent', () => {
  const { signal } = new AbortController();
  const token = 'token-of-the-interaction';
  let discord: Awaited<ReturnType<typeof makeDiscord>>;
  const outbound = (text: string, more: Partial<OutboundSend> = {}): OutboundSend => ({
    target: discord.target(),
    chunk: { text, plain: text },
    plain: false,
    deliveryId: 'evt_1.0',
    first: true,
    ...more,
  });
  const sentTo = () => discord.fake.requests.map(({ method, path }) => `${method} ${path.replace(/\/\d{4,}/g, '/*')}`);
  const byToken = `/v10/webhooks/*/${token}`;

  beforeEach(async () => {
    discord = await makeDiscord();
  });
  afterEach(async () => {
    await discord.channel.close();
    await discord.fake.close();
  });

  it('replaces the deferral, and then follows it up, without the token of the bot', async () => {
    const { channel, fake, shown } = discord;
    await channel.send(outbound('one'), signal);
    await channel.send(outbound('two', { first: false }), signal);
    assert.deepEqual(sentTo(), [`PATCH ${byToken}/messages/@original`, `POST ${byToken}`]);
    assert.deepEqual(shown(), ['one', 'two']);
    for (const { headers, fields } of fake.requests) {
      assert.equal(headers.authorization, undefined);
      assert.deepEqual([fields.allowed_mentions, fields.flags], [{ parse: [] }, 4]);
    }
  });

  it('calls nobody, whatever a model writes', async () => {
    const { channel, fake } = discord;
    await channel.send(outbound('@everyone <@123> @here'), signal);
    await channel.send(outbound('@everyone', { first: false, plain: true }), signal);
    assert.deepEqual(fake.called, []);
  });

  it('shows a first chunk that was sent twice once: both replace the same message', async () => {
    await discord.channel.send(outbound('one'), signal);
    await discord.channel.send(outbound('one'), signal);
    assert.deepEqual(discord.shown(), ['one']);
  });

  for (const [when, end] of [
    ['its time is over', () => discord.clock.advance(61_000)],
    ['Discord says that it is over', () => discord.fake.expire(token)],
  ] as const) {
    it(`goes on as a message of the channel when ${when}, once for each delivery`, async () => {
      const { channel, fake, shown } = discord;
      const target = discord.target();
      end();
      const first = await channel.send(outbound('one', { target }), signal);
      assert.deepEqual(await channel.send(outbound('one', { target }), signal), first);
      await channel.send(outbound('two', { target, first: false, deliveryId: 'evt_1.1' }), signal);
      await channel.edit?.({ ...outbound('one, edited', { target }), ...first }, signal);
      assert.deepEqual(shown(), ['one, edited', 'two']);
      const last = fake.requests.at(-1);
      assert.match(last?.headers.authorization ?? '', /^Bot /);
      assert.match(last?.path ?? '', /^\/v10\/channels\/5\/messages\/\d+$/);
    });

    it(`has expired where the bot is not, when ${when}`, async () => {
      const { address } = discord.target();
      const { channel: _, ...rest } = address;
      const target = { address: rest };
      end();
      await assert.rejects(discord.channel.send(outbound('one', { target }), signal), { kind: 'expired' });
      assert.ok(!sentTo().some((path) => path.includes('/channels/')));
    });
  }

  it('edits what it has sent: the first message, and a further one', async () => {
    const { channel, shown } = discord;
    const first = await channel.send(outbound('one'), signal);
    const second = await channel.send(outbound('two', { first: false }), signal);
    await channel.edit?.({ ...outbound('ONE'), ...first }, signal);
    await channel.edit?.({ ...outbound('TWO'), ...second }, signal);
    assert.deepEqual(shown(), ['ONE', 'TWO']);
  });

  it('does not take a limit for an end', async () => {
    const { channel, fake } = discord;
    fake.next({ status: 429, body: { retry_after: 1.5 } });
    await assert.rejects(channel.send(outbound('one'), signal), { kind: 'rate_limited', retryAfterMs: 1500 });
    assert.equal(fake.requests.length, 1);
  });
});
