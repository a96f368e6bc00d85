/** The fakes are only as good as what the platforms' own clients make of them. */
import assert from 'node:assert/strict';
import { REST } from '@discordjs/rest';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { Bot, GrammyError } from 'grammy';
import { Webhook } from 'standardwebhooks';
import { startFakeDiscord } from '../support/fake-discord.ts';
import type { FakePlatform } from '../support/fake-platform.ts';
import { startFakeSlack } from '../support/fake-slack.ts';
import { startFakeTelegram } from '../support/fake-telegram.ts';
import { startFakeWebhookReceiver } from '../support/fake-webhook-receiver.ts';
import { secrets } from './webhook/subject.ts';

describe("the fake platforms, by the platforms' own clients", () => {
  let fakes: FakePlatform[] = [];
  const kept = <Fake extends FakePlatform>(fake: Fake): Fake => {
    fakes.push(fake);
    return fake;
  };
  afterEach(async () => {
    for (const fake of fakes) await fake.close();
    fakes = [];
  });

  describe('Telegram, by grammy', () => {
    const token = '99:token';
    const start = async () => {
      const fake = kept(await startFakeTelegram(token));
      return { fake, api: new Bot(token, { client: { apiRoot: fake.url } }).api };
    };

    it('sends, edits and types', async () => {
      const { fake, api } = await start();
      assert.equal((await api.getMe()).username, 'gateway_bot');
      const message = await api.sendMessage(-100, '<b>Hello</b> &amp; you', {
        parse_mode: 'HTML',
        message_thread_id: 5,
      });
      assert.equal(fake.shown.get(`-100:${message.message_id}`), 'Hello & you');
      await api.editMessageText(-100, message.message_id, 'Changed');
      assert.equal(fake.shown.get(`-100:${message.message_id}`), 'Changed');
      assert.equal(await api.sendChatAction(7, 'typing'), true);
    });

    it("fails in the API's words", async () => {
      const { fake, api } = await start();
      const failure = async (call: Promise<unknown>) => {
        const error = await call.then(
          () => assert.fail('it worked'),
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof GrammyError);
        return error;
      };
      const html = { parse_mode: 'HTML' } as const;
      for (const wrong of ['<b>open', '<i>a</b>', '<table>', 'a < b', '<b><i>x</b></i>']) {
        assert.match((await failure(api.sendMessage(7, wrong, html))).description, /can't parse entities/);
      }
      assert.match((await failure(api.sendMessage(7, 'x'.repeat(4097)))).description, /too long/);
      assert.match((await failure(api.sendMessage(7, '<b> </b>', html))).description, /text is empty/);
      assert.match((await failure(api.sendMessage(8, 'x'))).description, /chat not found/);
      const { message_id } = await api.sendMessage(7, 'same');
      assert.match((await failure(api.editMessageText(7, message_id, 'same'))).description, /not modified/);
      fake.next({
        status: 429,
        body: { ok: false, error_code: 429, description: 'Too Many', parameters: { retry_after: 3 } },
      });
      assert.equal((await failure(api.sendMessage(7, 'x'))).parameters.retry_after, 3);
      assert.equal((await failure(new Bot('1:other', { client: { apiRoot: fake.url } }).api.getMe())).error_code, 401);
    });
  });

  describe('Discord, by @discordjs/rest', () => {
    const start = async () => {
      const fake = kept(await startFakeDiscord('111', 'bot-token'));
      const rest = new REST({ api: fake.url, version: '10', retries: 0, timeout: 2000 }).setToken('bot-token');
      return { fake, rest };
    };

    it('answers an interaction, follows it up, and writes into a channel', async () => {
      const { fake, rest } = await start();
      fake.defer('tok');
      const allowed_mentions = { parse: [] };
      const original = await rest.patch('/webhooks/111/tok/messages/@original', {
        body: { content: 'first', allowed_mentions },
        auth: false,
      });
      assert.ok(typeof original === 'object' && original && 'id' in original);
      await rest.post('/webhooks/111/tok', { body: { content: 'second', allowed_mentions }, auth: false });
      await rest.patch(`/webhooks/111/tok/messages/${original.id}`, {
        body: { content: 'edited', allowed_mentions },
        auth: false,
      });
      const body = { content: 'third', allowed_mentions, nonce: 'n', enforce_nonce: true };
      const sent = await rest.post('/channels/5/messages', { body });
      assert.deepEqual(await rest.post('/channels/5/messages', { body }), sent);
      assert.deepEqual([...fake.shown.values()], ['edited', 'second', 'third']);
      assert.deepEqual(fake.called, []);
      await rest.post('/webhooks/111/tok', { body: { content: '@everyone' }, auth: false });
      assert.deepEqual(fake.called, ['@everyone']);
    });

    it("fails in the API's words", async () => {
      const { fake, rest } = await start();
      const post = (content: string) => rest.post('/webhooks/111/tok', { body: { content }, auth: false });
      await assert.rejects(post('x'), { status: 404, code: 10015 });
      fake.defer('tok');
      await assert.rejects(post('x'.repeat(2001)), { status: 400, code: 50035 });
      await assert.rejects(post(''), { status: 400, code: 50006 });
      fake.expire('tok');
      await assert.rejects(post('x'), { code: 10015 });
      const stranger = new REST({ api: fake.url, version: '10', retries: 0 }).setToken('other');
      await assert.rejects(stranger.post('/channels/5/messages', { body: { content: 'x' } }), { status: 401 });
    });
  });

  describe('Slack, by @slack/web-api', () => {
    const start = async () => {
      const fake = kept(await startFakeSlack('xoxb-1'));
      const client = (token: string) =>
        new WebClient(token, {
          slackApiUrl: `${fake.url}/api/`,
          retryConfig: { retries: 0 },
          rejectRateLimitedCalls: true,
          logLevel: LogLevel.ERROR,
        });
      return { fake, client };
    };

    it('posts and updates', async () => {
      const { fake, client } = await start();
      const posted = await client('xoxb-1').chat.postMessage({
        channel: 'C1',
        text: 'Hello <!here> <@U1>',
        thread_ts: '1.2',
      });
      assert.deepEqual(fake.called, ['<!here>', '<@U1>']);
      await client('xoxb-1').chat.update({ channel: 'C1', ts: posted.ts ?? '', text: 'Changed' });
      assert.deepEqual([...fake.shown.values()], ['Changed']);
    });

    it("fails in the API's words", async () => {
      const { fake, client } = await start();
      const post = (token: string, channel: string) => client(token).chat.postMessage({ channel, text: 'x' });
      await assert.rejects(post('xoxb-2', 'C1'), {
        code: ErrorCode.PlatformError,
        data: { ok: false, error: 'invalid_auth', response_metadata: {} },
      });
      await assert.rejects(post('xoxb-1', 'C9'), { message: /channel_not_found/ });
      fake.next({ status: 429, headers: { 'retry-after': '30' }, body: '' });
      await assert.rejects(post('xoxb-1', 'C1'), { code: ErrorCode.RateLimitedError, retryAfter: 30 });
    });
  });

  it('Standard Webhooks: what the library signs is taken, once', async () => {
    const fake = kept(await startFakeWebhookReceiver(secrets.now));
    const at = new Date();
    const body = '{"type":"answer"}';
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secrets.now).sign('msg_1', at, body),
    };
    const post = async (more = {}) =>
      (await fetch(fake.url, { method: 'POST', headers: { ...headers, ...more }, body })).status;
    assert.deepEqual([await post(), await post(), await post({ 'webhook-id': 'msg_2' })], [204, 204, 401]);
    assert.deepEqual([...fake.taken], [['msg_1', { type: 'answer' }]]);
  });
});
