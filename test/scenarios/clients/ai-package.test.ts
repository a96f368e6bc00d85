/** The AI SDK with its providers for OpenAI and for Anthropic, unmodified, through the gateway, against every type. */
import assert from 'node:assert/strict';
import { APICallError, generateText, jsonSchema, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai';
import { type Client, cellsOf } from '../../support/client-matrix.ts';
import { all, everyType, models, png, pngData, type Subject, startSubject } from '../../support/client-subject.ts';

/** Which API is called, and by which package. */
const ways: { api: string; client: Client; modelOf(ai: Subject['ai'], name: string): LanguageModel }[] = [
  { api: 'chat', client: 'ai + @ai-sdk/openai', modelOf: (ai, name) => ai.openai.chat(name) },
  { api: 'responses', client: 'ai + @ai-sdk/openai', modelOf: (ai, name) => ai.openai.responses(name) },
  { api: 'messages', client: 'ai + @ai-sdk/anthropic', modelOf: (ai, name) => ai.anthropic(name) },
];

const city = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] };
const weather = tool({
  description: 'The weather in a city',
  inputSchema: jsonSchema<{ city: string }>(city),
  execute: ({ city }) => `sun in ${city}`,
});

describe('the package ai', () => {
  let subject: Subject;
  before(async () => {
    subject = await startSubject();
  });
  after(() => subject.close());

  for (const { api, client, modelOf } of ways) {
    for (const type of everyType) {
      describe(`by ${api}, with a provider of type ${type}`, () => {
        const cell = cellsOf(client, type);
        const ask = () => ({ model: modelOf(subject.ai, models[type]), maxRetries: 0, maxOutputTokens: 50_000 });
        const calls = { toolCalls: [{ name: 'weather', arguments: '{"city":"Paris"}' }] };
        /** Echo calls a tool when it must, and takes its arguments from the question. */
        const forced = type === 'echo' ? { toolChoice: 'required' as const, stopWhen: stepCountIs(1) } : {};
        const tooled = { prompt: 'Paris', tools: { weather }, stopWhen: stepCountIs(3), ...forced };
        const asked = () => JSON.stringify(subject.fake.requests.at(-1)?.body);

        cell('chat', `by ${api}`, async () => {
          const { text, finishReason, usage } = await generateText({
            ...ask(),
            system: 'Be brief.',
            prompt: 'hello 東京',
          });
          assert.deepEqual([text, finishReason], ['hello 東京', 'stop']);
          assert.ok((usage.inputTokens ?? 0) > 0 && (usage.outputTokens ?? 0) > 0);
        });

        cell('chat', `by ${api}, on with what was said`, async () => {
          const first = await generateText({ ...ask(), prompt: 'hello' });
          const messages = [
            { role: 'user' as const, content: 'hello' },
            ...first.response.messages,
            { role: 'user' as const, content: 'again' },
          ];
          assert.equal((await generateText({ ...ask(), messages })).text, 'again');
          if (type !== 'echo') assert.match(asked(), /hello.*hello.*again/);
        });

        cell('stream', `by ${api}`, async () => {
          const { textStream, usage, finishReason } = streamText({ ...ask(), prompt: 'one two three' });
          const pieces = await all(textStream);
          assert.ok(pieces.length >= 2);
          assert.equal(pieces.join(''), 'one two three');
          assert.equal(await finishReason, 'stop');
          const { inputTokens, outputTokens } = await usage;
          assert.ok((inputTokens ?? 0) > 0 && (outputTokens ?? 0) > 0);
        });

        cell('tools', `by ${api}, until it knows`, async () => {
          subject.script(type, calls);
          const { text, steps } = await generateText({ ...ask(), ...tooled });
          const [first] = steps;
          assert.deepEqual(
            first?.toolResults.map(({ input, output }) => [input, output]),
            [[{ city: 'Paris' }, 'sun in Paris']],
          );
          if (type !== 'echo') assert.deepEqual([steps.length, text], [2, 'sun in Paris']);
        });

        cell('tools', `by ${api}, in a stream`, async () => {
          subject.script(type, calls);
          const parts = await all(streamText({ ...ask(), ...tooled }).fullStream);
          assert.deepEqual(
            parts.flatMap((part) => (part.type === 'tool-result' ? [part.output] : [])),
            ['sun in Paris'],
          );
        });

        cell('images', `by ${api}`, async () => {
          const content = [
            { type: 'text' as const, text: 'look' },
            { type: 'file' as const, mediaType: 'image/png', data: png },
          ];
          const { text } = await generateText({ ...ask(), messages: [{ role: 'user', content }] });
          assert.match(text, /^look/);
          if (type === 'echo') assert.match(text, /\[image\]/);
          else assert.ok(asked().includes(pngData));
        });

        cell('structured output', `by ${api}`, async () => {
          subject.script(type, { text: '{"city":"Paris"}' });
          const schema = jsonSchema<{ city: string }>({ ...city, additionalProperties: false });
          const { output } = await generateText({ ...ask(), prompt: 'Paris', output: Output.object({ schema }) });
          assert.deepEqual(output, { city: 'Paris' });
        });

        cell('errors', `by ${api}, of what it asked`, () =>
          assert.rejects(generateText({ ...ask(), prompt: 'hi', tools: { ['x'.repeat(1000)]: weather } }), (error) => {
            assert.ok(APICallError.isInstance(error), String(error));
            assert.equal(error.statusCode, 400);
            assert.match(error.message, /name/);
            return true;
          }),
        );

        if (type !== 'echo') {
          cell('errors', `by ${api}, of a provider that is down`, async () => {
            subject.script(type, { status: 500 });
            await assert.rejects(generateText({ ...ask(), prompt: 'hi' }), (error) => {
              assert.ok(APICallError.isInstance(error), String(error));
              assert.ok((error.statusCode ?? 0) >= 500, String(error.statusCode));
              return true;
            });
          });

          cell('errors', `by ${api}, in the middle of a stream`, async () => {
            subject.script(type, { text: 'one two three', errorInside: true });
            const { fullStream } = streamText({ ...ask(), prompt: 'hi', onError() {} });
            const kinds = (await all(fullStream)).map((part) => part.type);
            assert.ok(kinds.includes('text-delta'), `nothing was said before: ${kinds}`);
            assert.ok(kinds.includes('error'), `no error among ${kinds}`);
          });
        }

        cell('abort', `by ${api}`, () =>
          subject.leaving(type, async (prompt) => {
            const abort = new AbortController();
            const { textStream } = streamText({ ...ask(), prompt, abortSignal: abort.signal });
            for await (const _ of textStream) abort.abort();
          }),
        );
      });
    }
  }
});
