import { createTelegramChannel } from '../../../src/channels/telegram/index.ts';
import { sign, signBody } from '../../../src/channels/telegram/sign.ts';
import { startFakeTelegram } from '../../support/fake-telegram.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { readTelegramHtml } from '../../support/telegram-html.ts';
import type { Subject } from '../subject.ts';

export const botToken = '99:a-token-of-the-bot';
const secrets = { now: 'secret-now', old: 'secret-old', strange: 'secret-strange' };

export async function makeTelegram(): Promise<Subject & { fake: Awaited<ReturnType<typeof startFakeTelegram>> }> {
  const fake = await startFakeTelegram(botToken);
  const clock = new HandClock();
  const settings = { botToken, apiRoot: fake.url, clock };
  const message = { id: '41', text: 'Hello 👋', conversation: '7', sender: { id: '7', name: 'Ann' }, at: clock.now() };
  const signOwn = (body: object) => signBody(JSON.stringify(body), clock.now(), secrets.now);
  const written = { message_id: 3, date: 1, chat: { id: 7, type: 'private' }, text: 'Hello' };
  return {
    channel: createTelegramChannel({ ...settings, webhookSecret: [secrets.now, secrets.old] }),
    clock,
    fake,
    secrets: [botToken, ...Object.values(secrets)],
    sent: [botToken],
    message,
    sign: (one, secret) => sign(one, secrets[secret ?? 'now']),
    signBody: (body) => signBody(body, clock.now(), secrets.now),
    withoutSecrets: () => [
      createTelegramChannel(settings),
      createTelegramChannel({ ...settings, webhookSecret: '' }),
      createTelegramChannel({ ...settings, webhookSecret: [''] }),
    ],
    proof: {
      header: 'x-telegram-bot-api-secret-token',
      badValues: [(good) => `${good}x`, (good) => good.slice(1), (good) => good.toUpperCase(), () => '', () => ' '],
      others: [],
    },
    again: (one) => sign(one, secrets.now),
    own: () =>
      signOwn({ update_id: 5, message: { ...written, from: { id: 99, is_bot: true, first_name: 'Gateway' } } }),
    bot: () => signOwn({ update_id: 6, message: { ...written, from: { id: 98, is_bot: true, first_name: 'Other' } } }),
    useless: [
      '{"update_id":1,"edited_message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"changed"}}',
      '{"update_id":2,"message":{"message_id":2,"date":1,"chat":{"id":7,"type":"private"},"sticker":{}}}',
      '{"update_id":3,"message":{"text":"nowhere"}}',
      '{"update_id":4,"my_chat_member":{}}',
      '{"update_id":5}',
      '{"update_id":6,"message":[]}',
      '{"update_id":7,"callback_query":{"id":"1"}}',
    ],
    target: () => ({ address: { chat: '-100', topic: '5', replyTo: '3' } }),
    shown: () => [...fake.shown.values()],
    read(text) {
      const html = readTelegramHtml(text);
      if ('error' in html) throw new Error(html.error);
      return html.text;
    },
    readPlain: (plain) => plain,
    rateLimits: [
      [telegramError(429, 'Too Many Requests: retry after 7', { retry_after: 7 }), 7000],
      [{ ...telegramError(429, 'Too Many Requests'), headers: { 'retry-after': '3' } }, 3000],
    ],
    faults: [
      ['cut', 'unavailable'],
      [{ status: 502, body: '<html>' }, 'unavailable'],
      [{ status: 200, body: 'not Telegram' }, 'unavailable'],
      [telegramError(500, 'Internal Server Error'), 'unavailable'],
      [telegramError(401, 'Unauthorized'), 'unauthorized'],
      [telegramError(404, 'Not Found'), 'unauthorized'],
      [telegramError(403, 'Forbidden: bot was blocked by the user'), 'refused'],
      [telegramError(400, 'Bad Request: chat not found'), 'refused'],
    ],
    refusedFormatting: telegramError(400, "Bad Request: can't parse entities: Unsupported start tag"),
  };
}

export function telegramError(status: number, description: string, parameters?: object) {
  return { status, body: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) } };
}
