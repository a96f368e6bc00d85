import { type FakeAnswer, type FakePlatform, type Received, startFakePlatform } from './fake-platform.ts';
import { readTelegramHtml } from './telegram-html.ts';

export interface FakeTelegram extends FakePlatform {
  /** By chat and message: what is shown. */
  readonly shown: Map<string, string>;
  readonly chats: Set<string>;
  readonly topics: Set<string>;
  /** A group that lives on under another id. */
  readonly moved: Map<string, string>;
}

/** The part of the Bot API that the gateway uses, as the real server answers it. */
export async function startFakeTelegram(token: string): Promise<FakeTelegram> {
  const shown = new Map<string, string>();
  const chats = new Set(['7', '-100']);
  const topics = new Set(['-100:5']);
  const moved = new Map<string, string>();
  let lastMessage = 0;

  function sendMessage(fields: Received['fields']): FakeAnswer {
    const { chat_id, message_thread_id } = fields;
    const chat = String(chat_id);
    const other = moved.get(chat);
    if (other) {
      const parameters = { migrate_to_chat_id: Number(other) };
      return fail(400, 'Bad Request: group chat was upgraded to a supergroup chat', parameters);
    }
    if (!chats.has(chat)) return fail(400, 'Bad Request: chat not found');
    if (message_thread_id !== undefined && !topics.has(`${chat}:${message_thread_id}`)) {
      return fail(400, 'Bad Request: message thread not found');
    }
    const text = readText(fields);
    if (typeof text !== 'string') return text;
    lastMessage += 1;
    shown.set(`${chat}:${lastMessage}`, text);
    return succeed(toMessage(chat, lastMessage, text));
  }

  function editMessageText(fields: Received['fields']): FakeAnswer {
    const key = `${fields.chat_id}:${fields.message_id}`;
    const before = shown.get(key);
    if (before === undefined) return fail(400, 'Bad Request: message to edit not found');
    const text = readText(fields);
    if (typeof text !== 'string') return text;
    if (text === before) {
      return fail(400, 'Bad Request: message is not modified: specified new message content is the same');
    }
    shown.set(key, text);
    return succeed(toMessage(String(fields.chat_id), Number(fields.message_id), text));
  }

  const platform = await startFakePlatform((received) => {
    const [, given, method] = /^\/bot([^/]+)\/(\w+)$/.exec(received.path) ?? [];
    if (given !== token) return fail(401, 'Unauthorized');
    switch (method) {
      case 'getMe':
        return succeed({ id: 99, is_bot: true, first_name: 'Gateway', username: 'gateway_bot' });
      case 'sendMessage':
        return sendMessage(received.fields);
      case 'editMessageText':
        return editMessageText(received.fields);
      case 'sendChatAction':
        return chats.has(String(received.fields.chat_id)) ? succeed(true) : fail(400, 'Bad Request: chat not found');
      default:
        return fail(404, 'Not Found');
    }
  });
  return { ...platform, shown, chats, topics, moved };
}

function readText({ text, parse_mode }: Received['fields']): string | FakeAnswer {
  const html = parse_mode === 'HTML' ? readTelegramHtml(String(text)) : { text: String(text) };
  if ('error' in html) return fail(400, `Bad Request: can't parse entities: ${html.error}`);
  const visible = html.text.trim();
  if (visible === '') return fail(400, 'Bad Request: message text is empty');
  return visible.length > 4096 ? fail(400, 'Bad Request: message is too long') : visible;
}

function toMessage(chat: string, id: number, text: string) {
  return { message_id: id, date: 1, chat: { id: Number(chat), type: 'private', first_name: 'Ann' }, text };
}

function succeed(result: unknown): FakeAnswer {
  return { status: 200, body: { ok: true, result } };
}

function fail(status: number, description: string, parameters?: object): FakeAnswer {
  return { status, body: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) } };
}
