/** What a stream cost, behind its body, read by the letter: raw `node:http`, which neither hides trailers nor asks for them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { observeAnswer } from '../../support/observe-answer.ts';
import { openRaw } from '../../support/raw-socket.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

interface Read {
  headers: IncomingHttpHeaders;
  trailers: NodeJS.Dict<string>;
  body: string;
}

describe('the cost of a vendor’s stream', () => {
  let fake: FakeProvider;
  let gateway: TestGateway;
  before(async () => {
    fake = await startFakeProvider();
    gateway = await startGateway({
      settings: {
        providers: {
          chat: { type: 'openai', baseUrl: fake.openaiUrl, models: ['chat-model', 'free'] },
          messages: { type: 'anthropic', baseUrl: fake.anthropicUrl, models: ['messages-model'] },
        },
        // A thousandth of a dollar a token.
        prices: { 'chat-model': { input: 1000, output: 1000 }, 'messages-model': { input: 1000, output: 1000 } },
      },
    });
  });
  after(async () => {
    await gateway.close();
    await fake.close();
  });

  async function read(path: string, body: object, headers: Record<string, string> = {}): Promise<Read> {
    const asked = request(`${gateway.url}${path}`, {
      method: 'POST',
      agent: false,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${gateway.adminKey}`, ...headers },
    });
    asked.end(JSON.stringify(body));
    const [response]: IncomingMessage[] = await once(asked, 'response');
    assert.ok(response);
    response.setEncoding('utf8');
    const text = (await response.toArray()).join('');
    const { statusCode: status = 0 } = response;
    // A whole answer that is passed through has whatever its provider put into it.
    if (response.headers['content-type'] !== 'application/json' || status >= 400)
      observeAnswer({ method: 'POST', target: path, status, headers: response.headers, text });
    return { headers: response.headers, trailers: response.trailers, body: text };
  }

  const trailers = { TE: 'trailers' };
  const messages = [{ role: 'user', content: 'tell me' }];
  const chat = (model: string) => ({ model, messages, stream: true });
  const message = (model: string) => ({ model, messages, max_tokens: 50, stream: true });
  const response = (model: string) => ({ model, input: 'tell me', stream: true });
  const costly: [name: string, path: string, body: object][] = [
    ['a chat completion, passed through', '/v1/chat/completions', chat('chat-model')],
    ['a chat completion, translated', '/v1/chat/completions', chat('messages-model')],
    ['a message, passed through', '/v1/messages', message('messages-model')],
    ['a message, translated', '/v1/messages', message('chat-model')],
    ['a response', '/v1/responses', response('chat-model')],
    ['a response that is not kept', '/v1/responses', { ...response('messages-model'), store: false }],
  ];
  for (const [name, path, body] of costly) {
    it(`follows ${name}, and is what a whole answer’s head says`, async () => {
      const stream = await read(path, body, trailers);
      const whole = await read(path, { ...body, stream: false });
      assert.match(String(whole.headers['x-gateway-cost']), /^0\.0\d+$/);
      assert.deepEqual(stream.trailers, { 'x-gateway-cost': whole.headers['x-gateway-cost'] });
      assert.equal(stream.headers.trailer, 'X-Gateway-Cost');
      assert.equal(stream.headers['content-type'], 'text/event-stream');
    });

    it(`changes no byte of ${name}, nor anything for who does not ask`, async () => {
      const [asked, silent] = [await read(path, body, trailers), await read(path, body)];
      assert.equal(comparable(asked.body), comparable(silent.body));
      assert.deepEqual([silent.headers.trailer, silent.trailers], [undefined, {}]);
      assert.deepEqual(headNames(asked), headNames(silent));
    });
  }

  const said: [te: string, takes: boolean][] = [
    ['Trailers', true],
    ['deflate;q=0.5, trailers', true],
    ['trailers,gzip', true],
    ['', false],
    ['gzip', false],
    ['x-trailers', false],
    ['trailers-not', false],
  ];
  for (const [te, takes] of said) {
    it(`${takes ? 'follows' : 'does not follow'} where a client says TE: ${te}`, async () => {
      const { headers, trailers } = await read('/v1/chat/completions', chat('chat-model'), { TE: te });
      assert.equal(headers.trailer, takes ? 'X-Gateway-Cost' : undefined);
      assert.deepEqual(Object.keys(trailers), takes ? ['x-gateway-cost'] : []);
    });
  }

  it('is absent where nobody knows the price', async () => {
    for (const [path, body] of [
      ['/v1/chat/completions', chat('free')],
      ['/v1/messages', message('free')],
    ] as const) {
      assert.deepEqual((await read(path, body, trailers)).trailers, {});
    }
  });

  for (const [path, body] of [
    ['/v1/chat/completions', chat('chat-model')],
    ['/v1/chat/completions', chat('messages-model')],
    ['/v1/messages', message('messages-model')],
    ['/v1/messages', message('chat-model')],
  ] as const) {
    it(`is told of what broke off as well: ${path} ${body.model}`, async () => {
      fake.next({ chunks: 9, chunkMs: 5, errorInside: true });
      const { trailers: told, body: text } = await read(path, body, trailers);
      assert.match(text, /"error"/);
      assert.match(String(told['x-gateway-cost']), /^0\.0\d+$/);
    });
  }

  it('stays in the head of a whole answer, and a refusal has none', async () => {
    const whole = await read('/v1/chat/completions', { ...chat('chat-model'), stream: false }, trailers);
    assert.deepEqual([whole.headers.trailer, whole.trailers], [undefined, {}]);
    const refused = await read('/v1/chat/completions', chat('nobody'), trailers);
    assert.deepEqual([refused.headers.trailer, refused.trailers], [undefined, {}]);
  });

  it('stays in the terminal event of our own versions', async () => {
    const body = { model: 'chat-model', input: [{ type: 'text', text: 'tell me' }], stream: true };
    const { headers, trailers: told, body: text } = await read('/api/v2/chat', body, trailers);
    assert.deepEqual([headers.trailer, told], [undefined, {}]);
    assert.match(text, /"cost":\{"amount":0\.0/);
  });

  it('is not for clients of HTTP/1.0, who know no chunks', async () => {
    const raw = await openRaw(gateway.port);
    const body = JSON.stringify(chat('chat-model'));
    const headers = {
      Host: 'gateway',
      Authorization: `Bearer ${gateway.adminKey}`,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      ...trailers,
    };
    const head = Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    raw.write(`POST /v1/chat/completions HTTP/1.0\r\n${head}\r\n${body}`);
    await raw.closed;
    const text = String(raw.rest());
    assert.match(text, /\r\n\r\ndata: [\s\S]*data: \[DONE\]\n\n$/);
    assert.doesNotMatch(text, /trailer|x-gateway-cost/i);
  });
});

/** Without what is another in each answer that the gateway writes itself. */
function comparable(body: string): string {
  return body
    .replace(/"((chatcmpl-|msg_|resp_|run_|call_)[0-9a-z_]+)"/g, '"id"')
    .replace(/"(created|created_at|completed_at)":\d+/g, '"$1":0')
    .replace(/"obfuscation":"[^"]*"/g, '');
}

/** Where all of a stream was there before its head went out, the head knew the cost already. */
function headNames({ headers }: Read): string[] {
  return Object.keys(headers).filter((name) => name !== 'trailer' && name !== 'x-gateway-cost');
}
