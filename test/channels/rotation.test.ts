import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { signBody as signDiscord } from '../../src/channels/discord/sign.ts';
import { signBody as signSlack } from '../../src/channels/slack/sign.ts';
import { signBody as signTelegram } from '../../src/channels/telegram/sign.ts';
import { signBody as signWebhook } from '../../src/channels/webhook/sign.ts';
import type { RawWebhook } from '../../src/core/ports/channel.ts';
import { toRequest } from '../support/signed-webhooks.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** By age: the one that is going, the one that comes, and one that nobody configured. */
const ages = ['old', 'new', 'unknown'] as const;
type Age = (typeof ages)[number];

const pairs = {
  old: generateKeyPairSync('ed25519'),
  new: generateKeyPairSync('ed25519'),
  unknown: generateKeyPairSync('ed25519'),
};
const publicKey = (age: Age) =>
  pairs[age].publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
const whsec = (age: Age) => `whsec_${Buffer.alloc(32, age).toString('base64')}`;
const now = () => Date.now();

const signers: Record<string, (age: Age) => RawWebhook> = {
  telegram: (age) => signTelegram('{"update_id": 1}', now(), `${age}-secret`),
  discord: (age) => signDiscord('{"type": 1}', now(), pairs[age].privateKey),
  slack: (age) => signSlack('{"type": "url_verification", "challenge": "c"}', now(), `${age}-secret`),
  webhook: (age) => signWebhook('{"type": "other"}', now(), whsec(age), `msg_${age}`),
};

describe('a secret that is being rotated', () => {
  const apiRoot = 'http://127.0.0.1:9';
  let gateway: TestGateway;
  before(async () => {
    const both = ['new-secret', 'old-secret'];
    gateway = await startGateway({
      settings: {
        channels: {
          telegram: { botToken: '1:a', webhookSecret: both, apiRoot },
          discord: { applicationId: '42', publicKey: [publicKey('new'), publicKey('old')], botToken: 'b', apiRoot },
          slack: { signingSecret: both, botToken: 'xoxb', apiRoot },
          webhook: { secret: [whsec('new'), whsec('old')], callbackUrl: `${apiRoot}/answers` },
        },
      },
    });
  });
  after(() => gateway.close());

  for (const [channel, sign] of Object.entries(signers)) {
    it(`is taken by ${channel} in the old and in the new form`, async () => {
      const statuses: boolean[] = [];
      for (const age of ages) {
        const { path, ...rest } = sign(age);
        const { status } = await gateway.request('POST', path, toRequest({ path, ...rest }));
        assert.ok(status < 300 || status === 401, `${age} was answered ${status}`);
        statuses.push(status < 300);
      }
      assert.deepEqual(statuses, [true, true, false]);
    });
  }
});
