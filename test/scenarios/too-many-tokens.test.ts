/** A limit on tokens that refuses: for now, and for good. Told on every surface, and obeyed by the vendors' own clients. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { enterSocket } from '../support/open-socket.ts';
import { createScriptedProvider, finish, text } from '../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const messages = [{ role: 'user' as const, content: 'hello' }];
const input = [{ type: 'text', text: 'hello' }];

describe('a request for more tokens than there are', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway({
      settings: {
        providers: { openai: { apiKey: 'none', models: ['m'] } },
        models: { default: 'm', maxOutputTokens: { m: 100 } },
      },
      parts: { providers: [createScriptedProvider([text('yes'), finish], { name: 'openai', models: ['m'] })] },
    });
  });
  after(() => gateway.close());

  /** A way to ask for an answer of at most so many tokens. */
  const surfaces: [path: string, body: (most: number) => object][] = [
    ['/api/v1/chat', () => ({ channel: 'api', message: 'hello' })],
    ['/api/v2/chat', (maxOutputTokens) => ({ input, maxOutputTokens })],
    ['/v1/chat/completions', (max_completion_tokens) => ({ model: 'm', messages, max_completion_tokens })],
    ['/v1/responses', (max_output_tokens) => ({ model: 'm', input: 'hello', max_output_tokens })],
    ['/v1/responses', (max_output_tokens) => ({ model: 'm', input: 'hello', max_output_tokens, store: false })],
    ['/v1/messages', (max_tokens) => ({ model: 'm', messages, max_tokens })],
  ];
  const isOurs = (path: string) => path.startsWith('/api/');
  const tokensIn = (headers: Record<string, string>) =>
    ['limit', 'remaining', 'reset'].map((name) => Number(headers[`x-ratelimit-${name}-tokens`]));
  const keyFor = (tokensPerMinute: number) => gateway.makeKey({ limits: { tokensPerMinute } });

  for (const [path, body] of surfaces) {
    for (const stream of [false, true]) {
      const named = `${path} ${JSON.stringify({ ...body(100), stream })}`;

      it(`is told what is left, and when there is more: ${named}`, async () => {
        const key = await keyFor(150);
        const ask = () => gateway.request('POST', path, { key, body: { ...body(100), stream } });
        const all = await Promise.all([ask(), ask()]);
        const [good, refused] = all.sort((a, b) => a.status - b.status);
        assert.deepEqual([good?.status, refused?.status], [200, 429]);
        const [limit, remaining, reset] = tokensIn(refused?.headers ?? {});
        // Five or less of the question, and the hundred that the other one holds; or what it really used.
        assert.ok(limit === 150 && remaining !== undefined && remaining >= 45 && remaining < 150, String(remaining));
        assert.ok(Math.abs((reset ?? 0) - Date.now() / 1000 - 60) < 5);
        assert.ok(Math.abs(Number(refused?.headers['retry-after']) - 60) < 5);
        if (!isOurs(path)) assert.equal(refused?.headers['x-should-retry'], 'true');
      });

      it(`is told that there is never more: ${named}`, async () => {
        const key = await keyFor(90);
        const {
          status,
          headers,
          text: told,
        } = await gateway.request('POST', path, {
          key,
          body: { ...body(100), stream },
        });
        assert.equal(status, 429);
        assert.deepEqual(tokensIn(headers).slice(0, 2), [90, 90], 'nothing is taken');
        assert.match(
          told,
          /could need 10\d tokens, \d to read and 100 to answer: more than the 90 that the key may use in a whole minute\. Name a maximum of 8\d tokens or fewer for the answer, or send less\./,
        );
        assert.deepEqual(
          [headers['retry-after'], headers['x-should-retry']],
          isOurs(path) ? ['60', undefined] : [undefined, 'false'],
        );
        const { error = {}, code, retryable, retryAfter } = JSON.parse(told);
        if (path === '/api/v1/chat') assert.deepEqual([error.code, error.retryAfter], ['RATE_LIMITED', 60]);
        else if (isOurs(path)) assert.deepEqual([code, retryable, retryAfter], ['RATE_LIMITED', false, 60]);
        else if (path === '/v1/messages') assert.equal(error.type, 'rate_limit_error');
        else assert.deepEqual([error.type, error.code], ['tokens', 'rate_limit_exceeded']);
      });
    }
  }

  it('is told on a socket whether to ask again', async () => {
    const socket = await enterSocket(gateway, await keyFor(90), '/api/v2/ws');
    socket.send({ type: 'message', channel: 'api', input });
    const error = await socket.next('error');
    assert.deepEqual([error.code, error.retryable, error.retryAfter], ['RATE_LIMITED', false, 60]);
    await socket.close();
  });

  it('is none for texts as vectors, which are no answer in tokens', async () => {
    const body = { model: 'm', input: 'hello' };
    const { status } = await gateway.request('POST', '/v1/embeddings', { key: await keyFor(90), body });
    assert.equal(status, 400, 'this provider has none, and was asked');
  });

  describe('is not sent again by', () => {
    let sent: number;
    const counting: typeof fetch = (...given) => {
      sent += 1;
      return fetch(...given);
    };
    beforeEach(() => {
      sent = 0;
    });
    /** Two tries more are what each of them makes by itself. */
    const clients: [
      name: string,
      ask: (apiKey: string) => Promise<unknown>,
      refusal: new (...given: never[]) => Error,
    ][] = [
      [
        'openai, asking for a chat completion',
        (apiKey) =>
          new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, fetch: counting }).chat.completions.create({
            model: 'm',
            messages,
          }),
        OpenAI.RateLimitError,
      ],
      [
        'openai, asking for a stream',
        (apiKey) =>
          new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, fetch: counting }).responses.create({
            model: 'm',
            input: 'hello',
            stream: true,
          }),
        OpenAI.RateLimitError,
      ],
      [
        '@anthropic-ai/sdk',
        (apiKey) =>
          new Anthropic({ baseURL: gateway.url, apiKey, fetch: counting }).messages.create({
            model: 'm',
            messages,
            max_tokens: 100,
          }),
        Anthropic.RateLimitError,
      ],
    ];
    for (const [name, ask, refusal] of clients) {
      it(name, async () => {
        await assert.rejects(ask(await keyFor(90)), (error: unknown) => {
          assert.ok(error instanceof refusal);
          assert.match(error.message, /Name a maximum of \d+ tokens or fewer/);
          return true;
        });
        assert.equal(sent, 1);
      });
    }
  });
});
