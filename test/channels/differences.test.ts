/**
 * Our judgement of a webhook beside that of the platforms' own packages. They have to agree, but for what stands in
 * `differences`, each with its reason: there we are stricter on purpose.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import bolt from '@slack/bolt';
import { verifyKey } from 'discord-interactions';
import { Bot, webhookCallback } from 'grammy';
import { Webhook } from 'standardwebhooks';
import { signBody as signForWebhook } from '../../src/channels/webhook/sign.ts';
import type { RawWebhook } from '../../src/core/ports/channel.ts';
import { makers } from './channels.ts';
import type { Subject } from './subject.ts';
import { ed25519Vectors } from './vectors.ts';
import { secrets } from './webhook/subject.ts';

type Oracle = (webhook: RawWebhook) => boolean | Promise<boolean>;

const header = (webhook: RawWebhook, name: string) => String(webhook.headers[name] ?? '');

const oracles: Record<string, Oracle> = {
  /** `bolt` on the clock of the webhook; what it answers for a signature does not depend on the rest of it. */
  slack: (webhook) =>
    bolt.isValidSlackRequest({
      signingSecret: 'secret-now',
      body: webhook.body.toString(),
      headers: {
        'x-slack-signature': header(webhook, 'x-slack-signature'),
        'x-slack-request-timestamp': Number(header(webhook, 'x-slack-request-timestamp')),
      },
      nowMilliseconds: webhook.receivedAt,
    }),
  discord: (webhook) =>
    verifyKey(
      webhook.body,
      header(webhook, 'x-signature-ed25519'),
      header(webhook, 'x-signature-timestamp'),
      ed25519Vectors[0].publicKey,
    ),
  webhook(webhook) {
    try {
      new Webhook(secrets.now).verify(
        webhook.body,
        Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, header(webhook, name)])),
        { jsonParse: false },
      );
      return true;
    } catch {
      return false;
    }
  },
  async telegram(webhook) {
    const bot = new Bot('99:token', {
      botInfo: JSON.parse('{"id":99,"is_bot":true,"first_name":"Gateway","username":"gateway_bot"}'),
    });
    const answered = Promise.withResolvers<number>();
    const response = {
      writeHead: (status: number) => ({ end: () => answered.resolve(status) }),
      end: () => answered.resolve(200),
    };
    const request = Object.assign(Readable.from([webhook.body]), { headers: webhook.headers });
    const callback = webhookCallback(bot, 'http', { secretToken: 'secret-now' });
    await Reflect.apply(callback, undefined, [request, response]);
    return (await answered.promise) === 200;
  },
};

type Case = [name: string, webhook: (subject: Subject) => RawWebhook];

const good = (subject: Subject) => subject.sign(subject.message);
const with_ = (subject: Subject, name: string, change: (value: string) => string): RawWebhook => {
  const webhook = good(subject);
  return { ...webhook, headers: { ...webhook.headers, [name]: change(header(webhook, name)) } };
};
const proof = (subject: Subject, change: (value: string) => string) => with_(subject, subject.proof.header, change);

const cases: Case[] = [
  ['a good one', good],
  ['emoji and escapes', (subject) => subject.signBody('{"update_id":1,"text":"👋 \\ud83d\\ude00"}')],
  ['another secret', (subject) => subject.sign(subject.message, 'strange')],
  [
    'the body is longer by a space',
    (subject) => ({ ...good(subject), body: Buffer.concat([good(subject).body, Buffer.from(' ')]) }),
  ],
  ['the proof is longer by a letter', (subject) => proof(subject, (value) => `${value}0`)],
  ['the proof is shorter by a letter', (subject) => proof(subject, (value) => value.slice(0, -1))],
  ['the proof is empty', (subject) => proof(subject, () => '')],
  ['the proof is in capitals', (subject) => proof(subject, (value) => value.toUpperCase())],
  ['six minutes late', (subject) => at(subject, -360_000)],
  ['six minutes early', (subject) => at(subject, 360_000)],
  ['an hour early', (subject) => at(subject, 4_000_000)],
  ['an id with a point', (subject) => signForWebhook('{}', subject.clock.now(), secrets.now, 'msg.1')],
];

/** Signed at another time than it is received at, which is now. */
function at(subject: Subject, offset: number): RawWebhook {
  const { message, clock } = subject;
  return { ...subject.sign({ ...message, at: message.at + offset }), receivedAt: clock.now() };
}

/** Where we refuse what the package accepts. */
const differences: Record<string, Record<string, string>> = {
  telegram: {},
  discord: {
    'six minutes late': 'the package has no window at all: whoever saw one interaction could repeat it for ever',
    'six minutes early': 'the same',
    'an hour early': 'the same',
    'the proof is in capitals': 'Discord writes small letters; one spelling of a signature is enough',
  },
  slack: {
    'six minutes early': 'the package looks for stale times only: one from the future stays good for as long',
    'an hour early': 'the same',
  },
  webhook: {
    'an id with a point': 'the standard forbids it: the same bytes could be another id and another time',
  },
};

/** What only one platform has. */
const only: Record<string, string> = { 'an id with a point': 'webhook' };

describe("webhooks, judged by us and by the platforms' packages", () => {
  for (const [channel, make] of Object.entries(makers)) {
    const oracle = oracles[channel] ?? assert.fail(`no oracle for ${channel}`);
    for (const [name, webhookOf] of cases) {
      if ((only[name] ?? channel) !== channel) continue;
      const reason = differences[channel]?.[name];
      it(`${channel}: ${name}${reason === undefined ? '' : ` (stricter: ${reason})`}`, async () => {
        const subject = await make();
        try {
          const webhook = webhookOf(subject);
          const ours = subject.channel.authenticate(webhook).accepted;
          const theirs = await oracle(webhook);
          if (reason === undefined) assert.equal(ours, theirs, `we say ${ours}, they say ${theirs}`);
          else assert.deepEqual([ours, theirs], [false, true]);
          if (name === 'a good one') assert.equal(ours, true);
        } finally {
          await subject.channel.close();
          await subject.fake.close();
        }
      });
    }
  }

  it('Standard Webhooks: what the package signs, we accept', async () => {
    const subject = await (makers.webhook ?? assert.fail())();
    const { clock, channel, fake } = subject;
    for (const body of ['{}', '{"text":"👋"}', 'no JSON at all', '']) {
      const at = new Date(clock.now());
      const signature = new Webhook(secrets.now).sign('msg_1', at, body);
      const webhook = signForWebhook(body, clock.now(), secrets.strange, 'msg_1');
      const theirs = { ...webhook, headers: { ...webhook.headers, 'webhook-signature': `v1a,xyz ${signature}` } };
      assert.deepEqual(channel.authenticate(theirs), { accepted: true });
    }
    await channel.close();
    await fake.close();
  });
});
