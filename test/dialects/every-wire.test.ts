/** What our words can say comes back from every vendor's words as it was: nothing is lost on the way there, or back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as anthropic from '../../generated/validators/anthropic.requests.js';
import * as openai from '../../generated/validators/openai.requests.js';
import type { RequestValidators, Validate } from '../../generated/validators/validate.ts';
import type { ImagePart, Part } from '../../src/core/message.ts';
import type { ProviderCall } from '../../src/core/ports/provider.ts';
import { fromMessagesRequest } from '../../src/dialects/anthropic/from-messages-request.ts';
import { fromChatCompletionRequest } from '../../src/dialects/openai/from-chat-completion-request.ts';
import { messagesDialect } from '../../src/providers/anthropic/index.ts';
import { chatDialect } from '../../src/providers/openai/index.ts';

const source = { bytes: Buffer.of(), headers: {} };
const words = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== '');
const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/);
const object = fc.dictionary(name, fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null)), {
  noNullPrototype: true,
});
const text = words.map((said): Part => ({ type: 'text', text: said }));
const image = fc.oneof(
  fc.webUrl().map((url): ImagePart => ({ type: 'image', url })),
  fc
    .constantFrom('image/png' as const, 'image/webp' as const)
    .map((mediaType): ImagePart => ({ type: 'image', data: 'iVBORw0=', mediaType })),
);
const result = fc.record({ type: fc.constant('tool_result' as const), toolCallId: name, content: words });
const lookedAt = fc
  .tuple(image, fc.constantFrom('low' as const, 'high' as const))
  .map(([one, detail]) => ({ ...one, detail }));
const shownResult = fc
  .tuple(result, fc.array(image, { minLength: 1, maxLength: 2 }))
  .map(([one, images]) => ({ ...one, images }));
const toolCall = fc.record({
  type: fc.constant('tool_call' as const),
  id: name,
  name,
  arguments: object.map((value) => JSON.stringify(value)),
});

/** As a conversation goes: an answer may call tools, and then the user's next words stand behind their results. */
const turnOf = (given: fc.Arbitrary<Part>) =>
  fc.tuple(
    fc.array(text, { maxLength: 1 }),
    fc.array(toolCall, { minLength: 1, maxLength: 2 }),
    fc.array(given, { minLength: 1, maxLength: 2 }),
    fc.array(text, { maxLength: 1 }),
  );
const plainTurn = (shown: fc.Arbitrary<ImagePart>) => fc.tuple(text, text, fc.array(shown, { maxLength: 2 }));
const messagesOf = (given: fc.Arbitrary<Part>, shown = image) =>
  fc.tuple(text, fc.array(fc.oneof(turnOf(given), plainTurn(shown)), { maxLength: 3 })).map(([first, turns]) => [
    { role: 'user' as const, parts: [first] },
    ...turns.flatMap((one) =>
      one.length === 4
        ? [
            { role: 'assistant' as const, parts: [...one[0], ...one[1]] },
            { role: 'user' as const, parts: [...one[2], ...one[3]] },
          ]
        : [
            { role: 'assistant' as const, parts: [one[0]] },
            { role: 'user' as const, parts: [one[1], ...one[2]] },
          ],
    ),
  ]);
const tools = fc.array(
  fc.record(
    {
      name,
      description: words,
      parameters: object.map((schema) => ({ type: 'object', ...schema })),
      strict: fc.boolean(),
    },
    { requiredKeys: ['name', 'parameters'] },
  ),
  { minLength: 1, maxLength: 3 },
);

const common = {
  model: name,
  messages: messagesOf(result),
  stream: fc.boolean(),
  maxOutputTokens: fc.integer({ min: 1, max: 9999 }),
  instructions: words,
  temperature: fc.constantFrom(0, 0.5, 1),
  topP: fc.constantFrom(0.1, 1),
  stop: fc.array(words, { minLength: 1, maxLength: 3 }),
  responseFormat: object.map((schema) => ({ type: 'json_schema' as const, name: 'answer', schema, strict: true })),
};
/** Of thinking. Anthropic has no word for the first ones. */
const little = ['none', 'minimal'] as const;
const much = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

const requiredKeys = ['model', 'messages', 'stream', 'maxOutputTokens'] as const;

/** Whether tools are called at once can only be said where there are some to choose from. */
function withTools<Call extends object>(calls: fc.Arbitrary<Call>) {
  const choice = fc.oneof(
    fc.constantFrom('auto' as const, 'required' as const),
    name.map((one) => ({ name: one })),
  );
  const some = fc.record(
    { tools, toolChoice: choice, parallelToolCalls: fc.constant(false) },
    { requiredKeys: ['tools', 'toolChoice'] },
  );
  return fc.tuple(calls, fc.option(some, { nil: {} })).map(([call, more]) => ({ ...call, ...more }));
}

describe('what our words say', () => {
  it("comes back from OpenAI's", () => {
    const validate = bodyOf(openai.requests.createChatCompletion);
    const wire = chatDialect('http://127.0.0.1/v1');
    const own = {
      messages: messagesOf(result, lookedAt),
      seed: fc.integer(),
      presencePenalty: fc.constantFrom(-2, 0.5),
      frequencyPenalty: fc.constantFrom(0, 2),
      reasoningEffort: fc.constantFrom(...little, ...much),
      verbosity: fc.constantFrom('low', 'high'),
    };
    const calls = withTools(fc.record({ ...common, ...own }, { requiredKeys: [...requiredKeys] }));
    fc.assert(
      fc.property(calls, (call) => {
        const body = JSON.parse(JSON.stringify(wire.toRequest(call)));
        assert.ok(validate(body), JSON.stringify(validate.errors));
        check(call, fromChatCompletionRequest(body, source));
      }),
      { numRuns: 300 },
    );
  });

  it("comes back from Anthropic's", () => {
    const validate = bodyOf(anthropic.requests.createMessage);
    const wire = messagesDialect(1);
    const own = {
      messages: messagesOf(fc.oneof(result, shownResult)),
      topK: fc.nat({ max: 1000 }),
      cache: fc.constantFrom('5m' as const, '1h' as const),
      reasoningEffort: fc.constantFrom(...much),
    };
    const calls = withTools(fc.record({ ...common, ...own }, { requiredKeys: [...requiredKeys] }));
    fc.assert(
      fc.property(calls, (call) => {
        const body = JSON.parse(JSON.stringify(wire.toRequest(call)));
        assert.ok(validate(body), JSON.stringify(validate.errors));
        check(call, fromMessagesRequest(body, source));
      }),
      { numRuns: 300 },
    );
  });
});

function check(call: ProviderCall, request: ReturnType<typeof fromMessagesRequest>): void {
  const { model, stream, ...rest } = call;
  assert.deepEqual([request.model, request.stream, request.maxOutputTokens], [model, stream, call.maxOutputTokens]);
  // A clone, because what is made up may have no prototype.
  assert.deepEqual(request.toCall(), structuredClone(rest));
}

function bodyOf(validators: RequestValidators | undefined): Validate {
  return validators?.body ?? assert.fail('the contract has no such operation');
}
