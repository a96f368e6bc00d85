/** The AI SDK with its provider for OpenAI, unmodified, through the gateway: by both of OpenAI's APIs, against every type. */
import assert from 'node:assert/strict';
import { APICallError, generateText, jsonSchema, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai';
import { all, everyType, models, png, type Subject, startSubject, vendors } from '../../support/client-subject.ts';

const apis = ['chat', 'responses'] as const;

describe('the package ai with @ai-sdk/openai', () => {
  let subject: Subject;
  before(async () => {
    subject = await startSubject();
  });
  after(() => subject.close());

  const modelOf = (api: (typeof apis)[number], type: keyof typeof models): LanguageModel =>
    api === 'chat' ? subject.ai.chat(models[type]) : subject.ai.responses(models[type]);
  const weather = tool({
    description: 'The weather in a city',
    inputSchema: jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    }),
    execute: ({ city }) => `sun in ${city}`,
  });
  const paris = { toolCalls: [{ name: 'weather', arguments: '{"city":"Paris"}' }] };

  for (const api of apis) {
    for (const type of everyType) {
      describe(`by ${api}, with a provider of type ${type}`, () => {
        const ask = () => ({ model: modelOf(api, type), maxRetries: 0 });

        it('chats', async () => {
          const { text, finishReason, usage } = await generateText({
            ...ask(),
            system: 'Be brief.',
            prompt: 'hello 東京',
          });
          assert.deepEqual([text, finishReason], ['hello 東京', 'stop']);
          assert.ok((usage.inputTokens ?? 0) > 0 && (usage.outputTokens ?? 0) > 0);
        });

        it('streams', async () => {
          const { textStream, usage } = streamText({ ...ask(), prompt: 'one two three' });
          const pieces = await all(textStream);
          assert.ok(pieces.length >= 2);
          assert.equal(pieces.join(''), 'one two three');
          assert.ok(((await usage).outputTokens ?? 0) > 0);
        });

        it('goes on with what was said', async () => {
          const first = await generateText({ ...ask(), prompt: 'hello' });
          const messages = [
            { role: 'user' as const, content: 'hello' },
            ...first.response.messages,
            { role: 'user' as const, content: 'again' },
          ];
          assert.equal((await generateText({ ...ask(), messages })).text, 'again');
          if (type !== 'echo') assert.match(JSON.stringify(subject.fake.requests.at(-1)?.body), /hello.*hello.*again/);
        });

        it('sends images', async () => {
          const content = [
            { type: 'text' as const, text: 'look' },
            { type: 'file' as const, mediaType: 'image/png', data: png },
          ];
          const { text } = await generateText({ ...ask(), messages: [{ role: 'user', content }] });
          assert.match(text, /^look/);
          const sent = JSON.stringify(subject.fake.requests.at(-1)?.body);
          if (type !== 'echo') assert.ok(sent.includes(png.slice(png.indexOf(',') + 1)));
        });

        it('raises its own error', () =>
          assert.rejects(generateText({ ...ask(), prompt: 'hi', temperature: 3 }), (error) => {
            assert.ok(APICallError.isInstance(error), String(error));
            assert.equal(error.statusCode, 400);
            assert.match(error.message, /temperature/);
            return true;
          }));
      });
    }

    for (const type of vendors) {
      describe(`by ${api}, with a provider of type ${type}`, () => {
        const ask = () => ({ model: modelOf(api, type), maxRetries: 0 });

        it('calls tools until it knows', async () => {
          subject.fake.next(paris);
          const { text, steps } = await generateText({
            ...ask(),
            prompt: 'weather?',
            tools: { weather },
            stopWhen: stepCountIs(3),
          });
          assert.equal(steps.length, 2);
          assert.equal(text, 'sun in Paris');
        });

        it('calls tools in a stream', async () => {
          subject.fake.next(paris);
          const { fullStream } = streamText({
            ...ask(),
            prompt: 'weather?',
            tools: { weather },
            stopWhen: stepCountIs(3),
          });
          const parts = await all(fullStream);
          assert.deepEqual(
            parts.flatMap((part) => (part.type === 'tool-result' ? [part.output] : [])),
            ['sun in Paris'],
          );
        });

        it('asks for a schema', async () => {
          subject.fake.next({ text: '{"city":"Paris"}' });
          const schema = jsonSchema<{ city: string }>({
            type: 'object',
            properties: { city: { type: 'string' } },
            required: ['city'],
            additionalProperties: false,
          });
          const { output } = await generateText({ ...ask(), prompt: 'where?', output: Output.object({ schema }) });
          assert.deepEqual(output, { city: 'Paris' });
        });

        it('cuts the provider off when its user leaves', async () => {
          subject.fake.next({ chunks: 1000, chunkMs: 20 });
          const abort = new AbortController();
          const { textStream } = streamText({ ...ask(), prompt: 'hi', abortSignal: abort.signal });
          for await (const _ of textStream) abort.abort();
          const { aborted } = (await subject.fake.requests.at(-1)?.closed) ?? assert.fail();
          assert.equal(aborted, true);
        });
      });
    }
  }
});
