import { createWebhookChannel } from '../../../src/channels/webhook/index.ts';
import { sign, signBody } from '../../../src/channels/webhook/sign.ts';
import { startFakeWebhookReceiver } from '../../support/fake-webhook-receiver.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { closedFences } from '../even-fences.ts';
import type { Subject } from '../subject.ts';

export const secrets = { now: secretOf('now'), old: secretOf('old'), strange: secretOf('strange') };

export async function makeWebhook(): Promise<Subject & { fake: Awaited<ReturnType<typeof startFakeWebhookReceiver>> }> {
  const fake = await startFakeWebhookReceiver(secrets.now);
  // The standard's library looks at the real clock.
  const clock = new HandClock(Date.now());
  const settings = { callbackUrl: `${fake.url}/callback?key=of-the-callback`, clock };
  const message = { id: '41', text: 'Hello 👋', conversation: '5', sender: { id: '7', name: 'Ann' }, at: clock.now() };
  const signed = (body: string) => signBody(body, clock.now(), secrets.now, 'msg_9');
  const data = { conversation: '5', sender: '7', text: 'Hello' };
  return {
    channel: createWebhookChannel({ ...settings, secret: [secrets.now, secrets.old] }),
    clock,
    fake,
    secrets: ['of-the-callback', ...Object.values(secrets)],
    sent: [settings.callbackUrl],
    message,
    sign: (one, secret) => sign(one, secrets[secret ?? 'now']),
    signBody: signed,
    withoutSecrets: () => [
      createWebhookChannel(settings),
      createWebhookChannel({ ...settings, secret: '' }),
      createWebhookChannel({ ...settings, secret: ['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_*'] }),
    ],
    proof: {
      header: 'webhook-signature',
      badValues: [
        (good) => good.slice(0, -1),
        (good) => good.replace('=', ''),
        (good) => good.replace('v1,', 'v2,'),
        (good) => good.replace('v1,', 'v1a,'),
        (good) => good.replace('v1,', ''),
        (good) => `v1,${Buffer.from(good.slice(3), 'base64').toString('hex')}`,
        () => 'v1,',
        () => '',
        (good) => `${'v1,AAAA '.repeat(100)}${good}`,
      ],
      timestampHeader: 'webhook-timestamp',
      others: ['webhook-timestamp', 'webhook-id'],
    },
    again: (one) => sign({ ...one, at: one.at + 5000 }, secrets.now),
    own: () => signed(JSON.stringify({ type: 'answer', data: { conversation: '5', text: 'our own' } })),
    bot: () => signed(JSON.stringify({ type: 'message', data: { ...data, sender: { id: '8', bot: true } } })),
    useless: [
      '{"type":"user.created","data":{}}',
      '{"data":{}}',
      JSON.stringify({ type: 'message', data: { ...data, text: ' ' } }),
      JSON.stringify({ type: 'message', data: { ...data, sender: undefined } }),
      JSON.stringify({ type: 'message', data: { ...data, conversation: 'x'.repeat(1000) } }),
      '{"type":"message","data":"hello"}',
      '{"test": 2432232314}',
    ],
    target: () => ({ address: { conversation: '5', inReplyTo: 'msg_9' } }),
    shown: () => [...fake.taken.values()].map((payload) => JSON.parse(JSON.stringify(payload)).data.text),
    read: closedFences,
    readPlain: (plain) => plain,
    rateLimits: [
      [{ status: 429, headers: { 'retry-after': '120' } }, 120_000],
      [{ status: 429, headers: { 'retry-after': '0.5' } }, 500],
    ],
    faults: [
      ['cut', 'unavailable'],
      [{ status: 500 }, 'unavailable'],
      [{ status: 400 }, 'unavailable'],
      [{ status: 404 }, 'unavailable'],
      [{ status: 401 }, 'unauthorized'],
      [{ status: 410 }, 'refused'],
    ],
  };
}

function secretOf(name: string): string {
  return `whsec_${Buffer.from(name.padEnd(32, '.')).toString('base64')}`;
}
