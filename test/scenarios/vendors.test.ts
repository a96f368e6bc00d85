/** The vendors that the README has a line of configuration for: each by that line, at its own address, from every client. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import JSON5 from 'json5';
import OpenAI from 'openai';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { redirectWeb } from '../support/redirect-web.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

interface Line {
  package: string;
  models: string[];
  settings: Record<string, string>;
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, block = ''] = /^```json5\n([^`]*type: 'ai-sdk'[^`]*)^```$/m.exec(readme) ?? [];
const { providers }: { providers: Record<string, Line> } = JSON5.parse(block).gateway;
const secrets = Object.fromEntries(
  [...block.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, `secret-${name}`]),
);

/** Where its vendor is: for a whole answer, and for a stream where that is elsewhere. */
const addresses: Record<string, { whole: string; stream?: string; header: string; key: string }> = {
  gemini: {
    whole: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent',
    stream: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    header: 'x-goog-api-key',
    key: 'secret-GOOGLE_API_KEY',
  },
  vertex: {
    whole: 'https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent',
    stream:
      'https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    header: 'x-goog-api-key',
    key: 'secret-VERTEX_API_KEY',
  },
  azure: {
    whole: 'https://my-resource.openai.azure.com/openai/v1/responses?api-version=v1',
    header: 'api-key',
    key: 'secret-AZURE_API_KEY',
  },
  bedrock: {
    whole: 'https://bedrock-runtime.eu-north-1.amazonaws.com/model/eu.amazon.nova-pro-v1%3A0/converse',
    stream: 'https://bedrock-runtime.eu-north-1.amazonaws.com/model/eu.amazon.nova-pro-v1%3A0/converse-stream',
    header: 'authorization',
    key: 'Bearer secret-BEDROCK_API_KEY',
  },
};

const failures: [status: number, headers: Record<string, string>, answer: number, code: string, after?: string][] = [
  [400, {}, 400, 'INVALID_REQUEST'],
  [401, {}, 502, 'PROVIDER_ERROR'],
  [500, {}, 503, 'PROVIDER_UNAVAILABLE', '1'],
  // The last: it is left alone for so long.
  [429, { 'retry-after': '7' }, 503, 'PROVIDER_UNAVAILABLE', '7'],
];

describe('the vendors of the README', () => {
  it('are those whose packages are tried', () => assert.deepEqual(Object.keys(providers), Object.keys(addresses)));

  for (const [name, { models, package: packageName }] of Object.entries(providers)) {
    describe(`${name}, by ${packageName}`, () => {
      const model = models[0] ?? assert.fail('no model');
      const address = addresses[name] ?? assert.fail('no address');
      const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'one two three' }];
      let fake: FakeProvider;
      let web: ReturnType<typeof redirectWeb>;
      let gateway: TestGateway;
      let openai: OpenAI;
      before(async () => {
        fake = await startFakeProvider();
        web = redirectWeb(new URL(fake.openaiUrl).origin);
        gateway = await startGateway({ settings: { providers }, environment: secrets });
        openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.adminKey, maxRetries: 0 });
      });
      after(async () => {
        await gateway.close();
        await web.takeBack();
        await fake.close();
      });

      it('is asked at its own address, with its key', async () => {
        const whole = await openai.chat.completions.create({ model, messages });
        assert.equal(whole.choices[0]?.message.content, 'one two three');
        assert.equal(whole.choices[0]?.finish_reason, 'stop');
        assert.equal(web.asked.at(-1), address.whole);
        assert.equal(fake.requests.at(-1)?.headers[address.header], address.key);
      });

      it('streams, and counts', async () => {
        fake.next({ cachedTokens: 2 });
        const options = { stream: true, stream_options: { include_usage: true } } as const;
        const stream = await openai.chat.completions.create({ model, messages, ...options });
        const pieces: string[] = [];
        let usage: OpenAI.CompletionUsage | null | undefined;
        for await (const chunk of stream) {
          pieces.push(chunk.choices[0]?.delta.content ?? '');
          usage = chunk.usage ?? usage;
        }
        assert.equal(pieces.join(''), 'one two three');
        assert.ok(pieces.filter((piece) => piece !== '').length > 1);
        assert.equal(web.asked.at(-1), address.stream ?? address.whole);
        assert.deepEqual([usage?.completion_tokens, usage?.prompt_tokens_details?.cached_tokens], [4, 2]);
      });

      it('calls a tool and is told what it said', async () => {
        fake.next({ toolCalls: [{ name: 'look', arguments: '{"at":"the sky"}' }] });
        const parameters = { type: 'object', properties: { at: { type: 'string' } } };
        const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: { name: 'look', parameters } }];
        const called = await openai.chat.completions.create({ model, messages, tools });
        const message = called.choices[0]?.message ?? assert.fail('no answer');
        const [call] = message.tool_calls ?? [];
        assert.ok(call?.type === 'function');
        assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ['look', { at: 'the sky' }]);
        assert.equal(called.choices[0]?.finish_reason, 'tool_calls');
        const said = { role: 'tool' as const, tool_call_id: call.id, content: 'deep blue' };
        fake.next({ text: 'It is blue.' });
        const rest = [...messages, message, said];
        const answer = await openai.chat.completions.create({ model, messages: rest, tools });
        assert.equal(answer.choices[0]?.message.content, 'It is blue.');
        assert.match(JSON.stringify(fake.requests.at(-1)?.body), /"look".*"deep blue"/);
      });

      it('answers Anthropic’s client', async () => {
        const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.adminKey, maxRetries: 0 });
        const question = { role: 'user' as const, content: 'one two three' };
        const stream = anthropic.messages.stream({ model, max_tokens: 99, messages: [question] });
        assert.equal(await stream.finalText(), 'one two three');
        assert.match(JSON.stringify(fake.requests.at(-1)?.body), /:99\b/);
      });

      for (const stream of [true, false])
        it(`is cut off when its client leaves, ${stream ? 'in a stream' : 'waiting'}`, async () => {
          fake.next({ hangAt: stream ? 4000 : -1, chunks: 100 });
          const before = fake.requests.length;
          const abort = new AbortController();
          const reading = openai.chat.completions
            .create({ model, messages, stream }, { signal: abort.signal })
            .then(async (answer) => {
              if (Symbol.asyncIterator in answer) for await (const _ of answer) abort.abort();
            });
          const asked = await fake.received(before + 1);
          if (!stream) abort.abort();
          await reading.catch(() => {});
          const leftAt = performance.now();
          const { aborted, at } = await asked.closed;
          assert.ok(aborted && at - leftAt < 100, `${at - leftAt} ms`);
        });

      for (const [status, headers, answer, code, after] of failures)
        it(`that answers ${status} is ${code}`, async () => {
          fake.next({ status, headers, message: `not with ${address.key}` });
          const body = { channel: 'api', message: 'hello', model };
          const response = await gateway.request('POST', '/api/v1/chat', { body });
          assert.equal(response.status, answer, response.text);
          assert.match(response.text, new RegExp(`"${code}"`));
          assert.equal(response.headers['retry-after'], after);
          assert.doesNotMatch(response.text, /secret-/);
        });
    });
  }
});
