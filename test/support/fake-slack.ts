import { type FakeAnswer, type FakePlatform, type Received, startFakePlatform } from './fake-platform.ts';

export interface FakeSlack extends FakePlatform {
  /** By channel and time. */
  readonly shown: Map<string, string>;
  /** Who would have been called. */
  readonly called: string[];
  /** Where the bot is a member. */
  readonly channels: Set<string>;
  /** How often each hook may still be used, by its path. */
  readonly hooks: Map<string, number>;
}

/** The part of the Web API that the gateway uses, and the hooks of commands, as the real servers answer them. */
export async function startFakeSlack(botToken: string): Promise<FakeSlack> {
  const shown = new Map<string, string>();
  const called: string[] = [];
  const channels = new Set(['C1', 'D1']);
  const hooks = new Map<string, number>();
  let last = 0;

  /** Slack takes the text apart before anybody sees it. */
  function show(channel: string, ts: string, text: string): void {
    called.push(
      ...(text.match(/<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam[^>]*>|<@[A-Z0-9]+(?:\|[^>]*)?>/g) ?? []),
    );
    shown.set(`${channel}:${ts}`, text);
  }

  function postMessage({ channel, text = '' }: Received['fields']): FakeAnswer {
    if (!channels.has(String(channel))) return fail('channel_not_found');
    if (String(text).trim() === '') return fail('no_text');
    if (String(text).length > 40_000) return fail('msg_too_long');
    last += 1;
    const ts = `1700000000.${String(last).padStart(6, '0')}`;
    show(String(channel), ts, String(text));
    return { status: 200, body: { ok: true, channel, ts, message: { text, ts, type: 'message' } } };
  }

  function update({ channel, ts, text = '' }: Received['fields']): FakeAnswer {
    if (!shown.has(`${channel}:${ts}`)) return fail('message_not_found');
    if (String(text).length > 4000) return fail('msg_too_long');
    show(String(channel), String(ts), String(text));
    return { status: 200, body: { ok: true, channel, ts, text } };
  }

  function hook(path: string, fields: Received['fields']): FakeAnswer {
    const left = hooks.get(path) ?? 0;
    if (left === 0) return { status: 404, body: { ok: false, error: 'used_url' } };
    hooks.set(path, left - 1);
    show('hook', String(left), String(fields.text));
    return { status: 200, body: 'ok' };
  }

  const platform = await startFakePlatform(({ path, headers, fields }) => {
    if (path.startsWith('/commands/')) return hook(path, fields);
    if (headers.authorization !== `Bearer ${botToken}` && fields.token !== botToken) {
      return fail(headers.authorization === undefined ? 'not_authed' : 'invalid_auth');
    }
    switch (path) {
      case '/api/chat.postMessage':
        return postMessage(fields);
      case '/api/chat.update':
        return update(fields);
      default:
        return fail('unknown_method');
    }
  });
  return { ...platform, shown, called, channels, hooks };
}

function fail(error: string): FakeAnswer {
  return { status: 200, body: { ok: false, error } };
}
