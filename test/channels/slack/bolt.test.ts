/** What we sign and answer, beside Slack's own framework taking the same bytes. */
import assert from 'node:assert/strict';
import bolt from '@slack/bolt';
import { signBody } from '../../../src/channels/slack/sign.ts';
import type { RawWebhook } from '../../../src/core/ports/channel.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { makeSlack } from './subject.ts';

describe('slack beside bolt', () => {
  let slack: Awaited<ReturnType<typeof makeSlack>>;
  let heard: string[];
  let receive: (webhook: RawWebhook) => Promise<{ statusCode: number; body?: string }>;

  beforeEach(async () => {
    slack = await makeSlack(new HandClock(Date.now()));
    heard = [];
    const receiver = new bolt.AwsLambdaReceiver({
      signingSecret: 'secret-now',
      invalidRequestSignatureHandler: () => {},
      logLevel: bolt.LogLevel.ERROR,
    });
    const app = new bolt.App({
      receiver,
      logLevel: bolt.LogLevel.ERROR,
      authorize: () => Promise.resolve({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'UBOT' }),
    });
    app.message(async ({ message }) => {
      if ('text' in message && message.text) heard.push(message.text);
    });
    app.command('/ask', async ({ command, ack }) => {
      heard.push(command.text);
      await ack();
    });
    const handler = await receiver.start();
    receive = async ({ headers, body, path }) =>
      Reflect.apply(handler, undefined, [{ headers, body: body.toString(), path, isBase64Encoded: false }, {}]);
  });
  afterEach(async () => {
    await slack.channel.close();
    await slack.fake.close();
  });

  it('is understood: an event, a command, a challenge', async () => {
    const { sign, message, channel } = slack;
    assert.equal((await receive(sign(message))).statusCode, 200);
    const form = new URLSearchParams({
      command: '/ask',
      text: 'a & b',
      trigger_id: '1.2',
      channel_id: 'C1',
      user_id: 'U1',
    });
    const command = signBody(form.toString(), message.at, 'secret-now', 'application/x-www-form-urlencoded');
    assert.equal((await receive(command)).statusCode, 200);
    assert.deepEqual(heard, [message.text, 'a & b']);
    assert.deepEqual(
      [...channel.parse(sign(message)), ...channel.parse(command)].map(({ text }) => text),
      heard,
    );

    const challenge = slack.signBody('{"type":"url_verification","challenge":"3eZb"}');
    assert.deepEqual(JSON.parse((await receive(challenge)).body ?? ''), { challenge: '3eZb' });
    assert.equal(channel.handshake(challenge)?.body, '3eZb');
  });

  it('refuses what we refuse', async () => {
    const forged = slack.sign(slack.message, 'strange');
    assert.equal((await receive(forged)).statusCode, 401);
    assert.equal(slack.channel.authenticate(forged).accepted, false);
  });

  it('hears an event twice that we hear once', async () => {
    const webhook = slack.sign(slack.message);
    await receive(webhook);
    await receive(webhook);
    assert.equal(heard.length, 2);
    const [first, second] = [slack.channel.parse(webhook), slack.channel.parse(webhook)];
    assert.deepEqual(first[0]?.dedupeKeys, second[0]?.dedupeKeys);
  });

  it('believes a certificate check without a signature, which we do not', async () => {
    const { headers, ...webhook } = signBody(
      'ssl_check=1',
      slack.clock.now(),
      'secret-now',
      'application/x-www-form-urlencoded',
    );
    const unsigned = { ...webhook, headers: { 'content-type': headers['content-type'] } };
    assert.equal((await receive(unsigned)).statusCode, 200);
    assert.equal(slack.channel.authenticate(unsigned).accepted, false);
    assert.deepEqual(slack.channel.handshake({ ...webhook, headers }), { status: 200 });
  });
});
