/** `gateway trigger` for each platform: the question arrives, a run answers it, and the answer stands there as it is written there. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeDiscord, startFakeDiscord } from '../support/fake-discord.ts';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { type FakeSlack, startFakeSlack } from '../support/fake-slack.ts';
import { type FakeTelegram, startFakeTelegram } from '../support/fake-telegram.ts';
import { type FakeWebhookReceiver, startFakeWebhookReceiver } from '../support/fake-webhook-receiver.ts';
import { runNode } from '../support/run-node.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const answer = 'Some **bold** words & `code`';

/** Who asks where, and how the answer is written there. */
const platforms = {
  telegram: { sender: '7', conversation: '7', shows: 'Some <b>bold</b> words &amp; <code>code</code>' },
  discord: { sender: '7', conversation: '900', shows: 'Some **bold** words & `code`' },
  slack: { sender: 'U7', conversation: 'D1', shows: 'Some *bold* words &amp; `code`' },
  webhook: { sender: '7', conversation: 'c', shows: answer },
} as const;

type Name = keyof typeof platforms;
const names: readonly Name[] = ['telegram', 'discord', 'slack', 'webhook'];

describe('gateway trigger', () => {
  const folder = makeTemporaryDirectory();
  const pair = generateKeyPairSync('ed25519');
  const keyFile = join(folder.path, 'discord.key');
  let provider: FakeProvider;
  let telegram: FakeTelegram;
  let discord: FakeDiscord;
  let slack: FakeSlack;
  let webhook: FakeWebhookReceiver;
  let gateway: SpawnedGateway;
  let asked = 0;

  before(async () => {
    provider = await startFakeProvider();
    telegram = await startFakeTelegram('123456:of-a-bot');
    discord = await startFakeDiscord('42', 'of-a-bot');
    slack = await startFakeSlack('xoxb-of-a-bot');
    webhook = await startFakeWebhookReceiver(secret);
    const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex');
    writeFileSync(keyFile, seed, { mode: 0o600 });
    const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
    const settings = {
      providers: { local: { type: 'openai', baseUrl: provider.openaiUrl, models: ['gpt-4o'] } },
      channels: {
        telegram: { botToken: '123456:of-a-bot', webhookSecret: 'a-secret', apiRoot: telegram.url, allow: ['*'] },
        discord: { applicationId: '42', publicKey, botToken: 'of-a-bot', apiRoot: discord.url, allow: ['*'] },
        slack: {
          signingSecret: 'another-secret',
          botToken: 'xoxb-of-a-bot',
          apiRoot: `${slack.url}/api`,
          allow: ['*'],
        },
        webhook: { secret, callbackUrl: `${webhook.url}/answers`, allow: ['*'] },
      },
    };
    writeFileSync(join(folder.path, 'gateway.json5'), JSON.stringify({ gateway: settings }));
    gateway = await spawnGateway(folder.path);
  });
  after(async () => {
    await gateway.kill();
    await Promise.all([provider, telegram, discord, slack, webhook].map((one) => one.close()));
    folder.remove();
  });

  async function trigger(name: Name, id: string): Promise<void> {
    const { sender, conversation } = platforms[name];
    if (name === 'discord') discord.defer(`trial-${id}`);
    const words = ['--text', 'what is it?', '--id', id, '--sender', sender, '--conversation', conversation];
    const more = name === 'discord' ? ['--private-key', keyFile] : [];
    const { code, complaints } = await runNode(
      ['src/cli/gateway.mjs', 'trigger', name, 'message', ...words, ...more, '--url', gateway.url],
      { environment: { GATEWAY_HOME: folder.path } },
    );
    assert.equal(code, 0, complaints);
  }

  function shown(name: Name): string[] {
    switch (name) {
      case 'telegram':
        return telegram.requests.flatMap(({ path, fields }) =>
          /sendMessage|editMessageText/.test(path) ? [String(fields.text)] : [],
        );
      case 'discord':
        return [...discord.shown.values()];
      case 'slack':
        return [...slack.shown.values()];
      case 'webhook':
        return [...webhook.taken.values()].map((payload) => JSON.stringify(payload));
    }
  }

  const isShown = (name: Name) =>
    name === 'webhook'
      ? shown(name).some((payload) => payload.includes(JSON.stringify(answer).slice(1, -1)))
      : shown(name).includes(platforms[name].shows);

  for (const name of names) {
    it(`asks on ${name}, and the answer is shown as it is written there`, async () => {
      provider.next({ text: answer });
      asked += 1;
      await trigger(name, String(1000 + asked));
      const request = await provider.received(asked);
      assert.match(JSON.stringify(request.body.messages), /what is it\?/);
      await until(() => isShown(name));
    });
  }

  for (const name of names) {
    it(`answers on ${name} also when it is killed between the acknowledgement and the answer`, async () => {
      provider.next({ hangAt: -1 });
      asked += 1;
      await trigger(name, String(2000 + asked));
      await provider.received(asked);
      await gateway.kill();
      const before = shown(name).length;
      provider.next({ text: answer });
      gateway = await spawnGateway(folder.path);
      asked += 1;
      await until(() => shown(name).length > before && isShown(name));
    });
  }
});
