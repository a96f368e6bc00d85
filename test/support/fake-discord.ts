import { type FakeAnswer, type FakePlatform, type Received, startFakePlatform } from './fake-platform.ts';

export interface FakeDiscord extends FakePlatform {
  /** By message. */
  readonly shown: Map<string, string>;
  /** Who would have been called. */
  readonly called: string[];
  /** An interaction that was deferred. Its first message is not there yet. */
  defer(token: string): void;
  /** Its quarter of an hour is over. */
  expire(token: string): void;
}

const unknownWebhook = fail(404, 10015, 'Unknown Webhook');

/** The part of API version 10 that the gateway uses, as the real server answers it. */
export async function startFakeDiscord(application: string, botToken: string): Promise<FakeDiscord> {
  const shown = new Map<string, string>();
  const called: string[] = [];
  const originals = new Map<string, string>();
  const nonces = new Map<string, string>();
  let last = 1000;
  const nextId = () => {
    last += 1;
    return String(last);
  };

  function show(fields: Received['fields'], id = nextId()): FakeAnswer {
    const content = String(fields.content ?? '');
    if (content.trim() === '') return fail(400, 50006, 'Cannot send an empty message');
    if (content.length > 2000) return fail(400, 50035, 'Invalid Form Body');
    if (JSON.stringify(fields.allowed_mentions) !== '{"parse":[]}')
      called.push(...(content.match(/@everyone|@here|<@\d+>/g) ?? []));
    shown.set(id, content);
    return toMessage(id, content);
  }

  function byWebhook({ method, fields }: Received, token: string, message: string | undefined): FakeAnswer {
    const original = originals.get(token);
    if (original === undefined) return unknownWebhook;
    if (method === 'POST' && message === undefined) return show(fields);
    const id = message === '@original' ? original : message;
    if (method !== 'PATCH' || id === undefined) return fail(405, 0, '405: Method Not Allowed');
    return id === original || shown.has(id) ? show(fields, id) : fail(404, 10008, 'Unknown Message');
  }

  function byBot({ method, fields, headers }: Received, message: string | undefined): FakeAnswer {
    if (headers.authorization !== `Bot ${botToken}`) return fail(401, 0, '401: Unauthorized');
    if (method === 'PATCH' && message !== undefined) {
      return shown.has(message) ? show(fields, message) : fail(404, 10008, 'Unknown Message');
    }
    const { nonce, enforce_nonce } = fields;
    if (typeof nonce === 'string' && nonce.length > 25) return fail(400, 50035, 'Invalid Form Body');
    const known = enforce_nonce === true ? nonces.get(String(nonce)) : undefined;
    if (known !== undefined) return toMessage(known, shown.get(known) ?? '');
    const answer = show(fields);
    if (answer.status === 200) nonces.set(String(nonce), String(last));
    return answer;
  }

  const platform = await startFakePlatform((received) => {
    const path = received.path.replace(/^\/v10/, '').split('?')[0] ?? '';
    const [, app, token, message] = /^\/webhooks\/([^/]+)\/([^/]+)(?:\/messages\/([^/]+))?$/.exec(path) ?? [];
    if (token !== undefined) {
      return app === application
        ? byWebhook(received, decodeURIComponent(token), message && decodeURIComponent(message))
        : unknownWebhook;
    }
    const [, channel, posted] = /^\/channels\/([^/]+)\/messages(?:\/([^/]+))?$/.exec(path) ?? [];
    if (channel === undefined) return fail(404, 0, '404: Not Found');
    return channel === 'gone' ? fail(404, 10003, 'Unknown Channel') : byBot(received, posted);
  });
  return {
    ...platform,
    shown,
    called,
    defer: (token) => void originals.set(token, nextId()),
    expire: (token) => void originals.delete(token),
  };
}

function toMessage(id: string, content: string): FakeAnswer {
  return { status: 200, body: { id, content, channel_id: '5', type: 0 } };
}

function fail(status: number, code: number, message: string): FakeAnswer {
  return { status, body: { message, code } };
}
