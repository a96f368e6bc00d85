import { createSlackChannel } from '../../../src/channels/slack/index.ts';
import { sign, signBody } from '../../../src/channels/slack/sign.ts';
import { startFakeSlack } from '../../support/fake-slack.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { evenFences } from '../even-fences.ts';
import type { Subject } from '../subject.ts';

export const botToken = ['xoxb', 'token-of-the-slack-bot'].join('-');
const secrets = { now: 'secret-now', old: 'secret-old', strange: 'secret-strange' };

/** bolt looks at the real clock; the rest is better off with one that stands still. */
export async function makeSlack(
  clock = new HandClock(),
): Promise<Subject & { fake: Awaited<ReturnType<typeof startFakeSlack>> }> {
  const fake = await startFakeSlack(botToken);
  const settings = { botToken, apiRoot: `${fake.url}/api`, clock };
  const message = { id: '41', text: 'Hello 👋', conversation: 'C1', sender: { id: 'U7' }, at: clock.now() };
  const said = { type: 'message', channel: 'C1', channel_type: 'channel', ts: '1700000000.000100', text: 'Hello' };
  const envelope = (event: object) =>
    JSON.stringify({
      type: 'event_callback',
      event_id: 'Ev9',
      team_id: 'T1',
      api_app_id: 'A1',
      authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }],
      event,
    });
  const signed = (body: string) => signBody(body, clock.now(), secrets.now);
  return {
    channel: createSlackChannel({ ...settings, signingSecret: [secrets.now, secrets.old] }),
    clock,
    fake,
    secrets: [botToken, ...Object.values(secrets)],
    sent: [botToken],
    message,
    sign: (one, secret) => sign(one, secrets[secret ?? 'now']),
    signBody: signed,
    withoutSecrets: () => [
      createSlackChannel(settings),
      createSlackChannel({ ...settings, signingSecret: '' }),
      createSlackChannel({ ...settings, signingSecret: ['', ''] }),
    ],
    proof: {
      header: 'x-slack-signature',
      badValues: [
        (good) => good.slice(0, -1),
        (good) => `${good}0`,
        (good) => good.replace('v0=', 'v1='),
        (good) => good.replace('v0=', ''),
        (good) => good.toUpperCase(),
        (good) => `v0=${'z'.repeat(good.length - 3)}`,
        (good) => `v0=${Buffer.from(good.slice(3), 'hex').toString('base64')}`,
        () => '',
      ],
      timestampHeader: 'x-slack-request-timestamp',
      others: ['x-slack-request-timestamp'],
    },
    // In a channel the same words come as `app_mention` too, in an event of its own.
    again(one) {
      const { event, ...rest } = JSON.parse(sign(one, secrets.now).body.toString());
      return signed(JSON.stringify({ ...rest, event_id: 'EvTwin', event: { ...event, type: 'app_mention' } }));
    },
    own: () => signed(envelope({ ...said, user: 'UBOT', bot_id: 'B1', app_id: 'A1' })),
    bot: () => signed(envelope({ ...said, subtype: 'bot_message', bot_id: 'B2', username: 'Other' })),
    useless: [
      envelope({ ...said, subtype: 'message_changed' }),
      envelope({ ...said, subtype: 'message_deleted' }),
      envelope({ type: 'reaction_added', user: 'U1' }),
      envelope({ ...said, text: '' }),
      envelope({ ...said, channel: undefined }),
      '{"type":"app_rate_limited","team_id":"T1"}',
      '{"type":"event_callback","event_id":"Ev1"}',
      '{}',
    ],
    target: () => ({ address: { channel: 'C1', thread: '1699999999.000100' } }),
    shown: () => [...fake.shown.values()],
    read: (text) => evenFences(readControls(text)),
    readPlain: readControls,
    rateLimits: [
      [{ status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }, 30_000],
      [{ status: 429, headers: { 'retry-after': '1' }, body: '' }, 1000],
    ],
    faults: [
      ['cut', 'unavailable'],
      [{ status: 500, body: 'oops' }, 'unavailable'],
      [{ status: 200, body: 'not Slack' }, 'unavailable'],
      [slackError('internal_error'), 'unavailable'],
      [slackError('invalid_auth'), 'unauthorized'],
      [slackError('missing_scope'), 'unauthorized'],
      [slackError('is_archived'), 'refused'],
      [slackError('constructor'), 'refused'],
      [slackError('ratelimited'), 'rate_limited'],
    ],
    refusedFormatting: slackError('invalid_blocks'),
  };
}

function readControls(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function slackError(error: string) {
  return { status: 200, body: { ok: false, error } };
}
