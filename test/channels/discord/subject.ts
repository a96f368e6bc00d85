import { createDiscordChannel } from '../../../src/channels/discord/index.ts';
import { readPrivateKey, sign, signBody } from '../../../src/channels/discord/sign.ts';
import { startFakeDiscord } from '../../support/fake-discord.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { evenFences } from '../even-fences.ts';
import type { Subject } from '../subject.ts';
import { ed25519Vectors } from '../vectors.ts';

export const applicationId = '111111111111111111';
export const botToken = 'token-of-the-discord-bot';
const token = 'token-of-the-interaction';
const [now, old, strange] = ed25519Vectors;
const seeds = { now: now.seed, old: old.seed, strange: strange.seed };

export async function makeDiscord(): Promise<Subject & { fake: Awaited<ReturnType<typeof startFakeDiscord>> }> {
  const fake = await startFakeDiscord(applicationId, botToken);
  fake.defer(token);
  const clock = new HandClock();
  const settings = { applicationId, botToken, apiRoot: `${fake.url}/v10`, clock };
  const id = snowflake(clock.now());
  const message = { id, text: 'Hello 👋', conversation: '5', sender: { id: '7', name: 'Ann' }, at: clock.now() };
  const signed = (body: object) => signBody(JSON.stringify(body), clock.now(), readPrivateKey(seeds.now));
  const said = {
    application_id: applicationId,
    type: 2,
    token,
    channel_id: '5',
    guild_id: '9',
    data: { type: 1, name: 'ask', options: [{ name: 'text', type: 3, value: 'Hello' }] },
  };
  return {
    channel: createDiscordChannel({ ...settings, publicKey: [now.publicKey, old.publicKey] }),
    clock,
    fake,
    secrets: [botToken, token],
    sent: [token],
    message,
    sign: (one, secret) => sign(one, seeds[secret ?? 'now'], applicationId),
    signBody: (body) => signBody(body, clock.now(), readPrivateKey(seeds.now)),
    withoutSecrets: () => [
      createDiscordChannel(settings),
      createDiscordChannel({ ...settings, publicKey: '' }),
      createDiscordChannel({ ...settings, publicKey: ['not a key'] }),
    ],
    proof: {
      header: 'x-signature-ed25519',
      badValues: [
        (good) => good.slice(2),
        (good) => `${good}00`,
        (good) => `zz${good.slice(2)}`,
        (good) => `v0=${good}`,
        (good) => Buffer.from(good, 'hex').toString('base64'),
        () => '',
      ],
      timestampHeader: 'x-signature-timestamp',
      others: ['x-signature-timestamp'],
    },
    again: (one) => sign(one, seeds.now, applicationId),
    own: () => signed({ ...said, id: '31', member: { user: { id: applicationId, username: 'gateway', bot: true } } }),
    bot: () => signed({ ...said, id: '32', member: { user: { id: '8', username: 'other', bot: true } } }),
    useless: [
      JSON.stringify({ ...said, id: '33', data: { type: 2, name: 'user', target_id: '1' } }),
      JSON.stringify({ ...said, id: '34', type: 77 }),
      JSON.stringify({ ...said, id: '35', channel_id: undefined }),
      '{"version":1,"application_id":"1","type":1,"event":{"type":"APPLICATION_AUTHORIZED"}}',
      '{"type":2}',
    ],
    target: () => ({
      address: { application: applicationId, token, tokenUntil: String(clock.now() + 60_000), channel: '5' },
    }),
    shown: () => [...fake.shown.values()],
    read(text) {
      evenFences(text.replaceAll(/\\[^\p{L}\p{N}\s]/gu, ' '));
      return text.replaceAll(/\\([^\p{L}\p{N}\s])/gu, '$1');
    },
    readPlain: (plain) => plain,
    rateLimits: [
      [{ status: 429, body: { message: 'You are being rate limited.', retry_after: 0.6789, global: false } }, 679],
      [{ status: 429, headers: { 'retry-after': '65' }, body: '<html>Cloudflare' }, 65_000],
    ],
    faults: [
      ['cut', 'unavailable'],
      [{ status: 503, body: '' }, 'unavailable'],
      [{ status: 401, body: { message: '401: Unauthorized', code: 0 } }, 'unauthorized'],
      [{ status: 403, body: { message: 'Missing Access', code: 50001 } }, 'refused'],
      [{ status: 400, body: { message: 'Invalid Form Body', code: 50035 } }, 'refused'],
      [{ status: 404, body: { message: 'Unknown Message', code: 10008 } }, 'refused'],
    ],
  };
}

export function snowflake(time: number): string {
  return String(BigInt(time - 1_420_070_400_000) << 22n);
}
