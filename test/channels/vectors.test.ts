import assert from 'node:assert/strict';
import { sign, verify } from 'node:crypto';
import { createDiscordChannel } from '../../src/channels/discord/index.ts';
import { readPublicKeys } from '../../src/channels/discord/public-key.ts';
import { readPrivateKey, signBody as signForDiscord } from '../../src/channels/discord/sign.ts';
import { createSlackChannel } from '../../src/channels/slack/index.ts';
import { signBody as signForSlack } from '../../src/channels/slack/sign.ts';
import { createWebhookChannel } from '../../src/channels/webhook/index.ts';
import { signBody as signStandard } from '../../src/channels/webhook/sign.ts';
import { hmac } from '../../src/channels/wire/hmac.ts';
import { HandClock } from '../support/hand-clock.ts';
import { discordVector, ed25519Vectors, hmacVectors, slackVector, standardWebhooksVector } from './vectors.ts';

const clock = new HandClock();

describe("the platforms' own signatures", () => {
  for (const [index, { key, data, mac }] of hmacVectors.entries()) {
    it(`RFC 4231, case ${index + 1}: HMAC-SHA256`, () => {
      assert.equal(hmac(key, data).toString('hex'), mac);
      assert.equal(hmac(key, data.slice(0, 3), Buffer.from(data.slice(3))).toString('hex'), mac);
    });
  }

  for (const [index, { seed, publicKey, message, signature }] of ed25519Vectors.entries()) {
    it(`RFC 8032, test ${index + 1}: Ed25519, with our reading of keys`, () => {
      const bytes = Buffer.from(message, 'hex');
      const [key] = readPublicKeys(publicKey);
      assert.equal(sign(null, bytes, readPrivateKey(seed)).toString('hex'), signature);
      assert.ok(key && verify(null, bytes, key, Buffer.from(signature, 'hex')));
    });
  }

  it('Slack: the request of its documentation', () => {
    const { secret, webhook } = slackVector;
    const channel = createSlackChannel({ signingSecret: secret, apiRoot: 'https://slack.com/api', clock });
    assert.deepEqual(channel.authenticate(webhook), { accepted: true });
    const ours = signForSlack(webhook.body.toString(), webhook.receivedAt, secret);
    assert.equal(ours.headers['x-slack-signature'], webhook.headers['x-slack-signature']);
    const [event] = channel.parse(webhook);
    assert.deepEqual([event?.kind, event?.text, event?.sender.name], ['message', '/webhook-collect', 'roadrunner']);
  });

  it('Standard Webhooks: the message of its test suites', () => {
    const { secret, webhook } = standardWebhooksVector;
    const channel = createWebhookChannel({ secret, callbackUrl: 'https://example.org/', clock });
    assert.deepEqual(channel.authenticate(webhook), { accepted: true });
    const id = String(webhook.headers['webhook-id']);
    const ours = signStandard(webhook.body.toString(), webhook.receivedAt, secret, id);
    assert.equal(ours.headers['webhook-signature'], webhook.headers['webhook-signature']);
  });

  it('Discord: a ping, signed with the key of RFC 8032', () => {
    const { publicKey, webhook } = discordVector;
    const channel = createDiscordChannel({ publicKey, apiRoot: 'https://discord.com/api/v10', clock });
    assert.deepEqual(channel.authenticate(webhook), { accepted: true });
    assert.deepEqual(JSON.parse(channel.handshake(webhook)?.body ?? ''), { type: 1 });
    const ours = signForDiscord('{"type":1}', webhook.receivedAt, readPrivateKey(ed25519Vectors[1].seed));
    assert.equal(ours.headers['x-signature-ed25519'], webhook.headers['x-signature-ed25519']);
  });
});
