/** A vendor that the gateway has no adapter for: a package, one line of config, and every dialect speaks to it. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { ProviderError } from '../../src/core/errors.ts';
import { createAiSdkProvider } from '../../src/providers/ai-sdk/index.ts';
import { type MadePackage, makePackage, sdkOptions } from '../providers/ai-sdk/made-package.ts';
import { callOf, gather, textIn } from '../providers/wires.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

describe('a provider from a package of the AI SDK', () => {
  let made: MadePackage;
  let gateway: TestGateway;
  beforeEach(async () => {
    made = await makePackage();
    gateway = await startGateway({
      home: made.folder,
      settings: {
        providers: {
          tail: { type: 'ai-sdk', package: made.specifier, models: ['parrot', 'vectors'] },
          absent: { type: 'ai-sdk', package: '@made/nothing', models: ['nobody'] },
        },
        prices: { parrot: { input: 1, output: 2 } },
      },
    });
  });
  afterEach(async () => {
    await gateway.close();
    made.remove();
  });

  const openai = () => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.adminKey, maxRetries: 0 });
  const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: { name: 'look', parameters: {} } }];

  it('answers in our own shape, with its usage and its cost', async () => {
    const body = { channel: 'api', message: 'hello parrot' };
    const { body: answer } = await gateway.request('POST', '/api/v1/chat', { body }).expect(200);
    assert.match(JSON.stringify(answer), /hello parrot/);
    const { body: usage } = await gateway.request('GET', '/api/v2/usage').expect(200);
    assert.match(JSON.stringify(usage), /"provider":"tail"/);
    assert.match(JSON.stringify(usage), /"cost/);
  });

  it('answers OpenAI’s client: chat, stream, tools and vectors', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'one two three' }];
    const whole = await openai().chat.completions.create({ model: 'parrot', messages });
    assert.equal(whole.choices[0]?.message.content, 'one two three');
    assert.equal(whole.usage?.completion_tokens, 3);

    let text = '';
    const stream = await openai().chat.completions.create({ model: 'parrot', messages, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    assert.equal(text, 'one two three');

    made.next({ tool: 'look' });
    const called = await openai().chat.completions.create({ model: 'parrot', messages, tools });
    const [call] = called.choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(call?.type === 'function' && call.function, { name: 'look', arguments: '{"at":"the sky"}' });

    const { data } = await openai().embeddings.create({
      model: 'vectors',
      input: ['a', 'bb'],
      encoding_format: 'float',
    });
    assert.deepEqual(
      data.map(({ embedding }) => embedding[0]),
      [1, 2],
    );
  });

  it('answers Anthropic’s client', async () => {
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.adminKey, maxRetries: 0 });
    const stream = anthropic.messages.stream({
      model: 'parrot',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'one two three' }],
    });
    assert.equal(await stream.finalText(), 'one two three');
    assert.equal(made.calls[0]?.maxOutputTokens, 9);
  });

  it('refuses in the client’s own words what it would leave out', async () => {
    made.next({ warnings: [{ type: 'unsupported', feature: 'topP' }] });
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'hello' }];
    await assert.rejects(
      openai().chat.completions.create({ model: 'parrot', messages, top_p: 0.5 }),
      (error) => error instanceof OpenAI.BadRequestError && error.param === 'top_p',
    );
  });

  it('is told by the clients’ leaving', async () => {
    const abort = new AbortController();
    made.next({ silentAfter: 4 });
    const answer = openai().chat.completions.create(
      { model: 'parrot', messages: [{ role: 'user', content: 'one two three' }], stream: true },
      { signal: abort.signal },
    );
    for await (const _ of await answer) abort.abort();
    const signal = made.calls[0]?.abortSignal;
    assert.ok(signal instanceof AbortSignal);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });

  it('speaks OpenAI’s responses too, here to another gateway', async () => {
    const provider = await createAiSdkProvider(
      sdkOptions({
        package: '@ai-sdk/openai',
        models: ['echo'],
        settings: { apiKey: gateway.adminKey, baseURL: `${gateway.url}/v1` },
      }),
    );
    const never = new AbortController().signal;
    const tools = [{ name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } }];
    for (const stream of [true, false]) {
      const said = await gather(provider.call(callOf('one two three', { model: 'echo', stream }), never));
      assert.equal(textIn(said.events), 'one two three');
      const called = callOf('look!', { model: 'echo', stream, tools, toolChoice: 'required' });
      const { events } = await gather(provider.call(called, never));
      const text = events.map((event) => (event.type === 'tool_call' ? event.arguments : '')).join('');
      assert.deepEqual(JSON.parse(text), { at: 'look!' });
      const last = events.at(-1);
      assert.equal(last?.type === 'finish' && last.reason, 'tool_calls');
      const refused = await gather(provider.call(callOf('hello', { model: 'echo', stream, seed: 7 }), never));
      assert.ok(refused.error instanceof ProviderError && refused.error.parameter === 'seed');
    }
    await provider.close();
  });

  it('is unconfigured without its package, and all others answer', async () => {
    const { body } = await gateway.request('GET', '/health/detailed').expect(200);
    assert.match(JSON.stringify(body), /"absent":"unconfigured"/);
    const install = gateway.logged.find(({ fields }) => fields.provider === 'absent')?.fields.install;
    assert.equal(install, `npm install --prefix ${gateway.home} @made/nothing`);
    await assert.rejects(
      openai().chat.completions.create({ model: 'nobody', messages: [{ role: 'user', content: 'hello' }] }),
      /No provider of the model nobody is configured/,
    );
  });

  it('stops the start when its package is of another shape', async () => {
    const providers = { tail: { type: 'ai-sdk', package: 'express', models: ['m'] } };
    await assert.rejects(startGateway({ settings: { providers } }), {
      name: 'UnusablePackage',
      message: /^gateway\.providers\.tail\.package: the package express is not a provider of the AI SDK/,
    });
  });
});
