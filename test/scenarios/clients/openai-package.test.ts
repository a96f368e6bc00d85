/** OpenAI's own client, unmodified, through the gateway, against a provider of each type. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { cellsOf } from '../../support/client-matrix.ts';
import {
  all,
  everyType,
  models,
  png,
  pngData,
  type Subject,
  startSubject,
  vendors,
} from '../../support/client-subject.ts';

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const twoCalls = [
  { name: 'get_weather', arguments: '{"city":"Paris"}' },
  { name: 'get_weather', arguments: '{"city":"東京"}' },
];

describe('the package openai', () => {
  let subject: Subject;
  before(async () => {
    subject = await startSubject();
  });
  after(() => subject.close());

  const say = (content: string) => [{ role: 'user' as const, content }];
  const asked = (index = -1) => subject.fake.requests.at(index)?.body ?? assert.fail('nobody was asked');

  for (const type of everyType) {
    const cell = cellsOf('openai', type);
    const model = models[type];

    describe(`with a provider of type ${type}`, () => {
      cell('chat', 'whole', async () => {
        const { data, response, request_id } = await subject.openai.chat.completions
          .create({ model, messages: [{ role: 'system', content: 'Be brief.' }, ...say('hello 東京')] })
          .withResponse();
        assert.equal(data.choices[0]?.message.content, 'hello 東京');
        assert.equal(data.choices[0]?.finish_reason, 'stop');
        assert.equal(data.object, 'chat.completion');
        assert.equal(data.model, model);
        assert.equal(data.usage?.total_tokens, (data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0));
        assert.equal(response.headers.get('x-gateway-attempts'), '1');
        assert.equal(
          response.headers.get('x-gateway-provider'),
          { echo: 'echo', openai: 'chat', anthropic: 'messages' }[type],
        );
        assert.equal(response.headers.get('x-request-id'), request_id);
        assert.ok(request_id);
      });

      cell('stream', 'with usage when it asks for it', async () => {
        for (const usage of [true, false]) {
          const chunks = await all(
            await subject.openai.chat.completions.create({
              model,
              messages: say('one two three'),
              stream: true,
              ...(usage ? { stream_options: { include_usage: true } } : {}),
            }),
          );
          assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), 'one two three');
          assert.ok(chunks.filter(({ choices }) => choices[0]?.delta.content).length >= 2, 'in one piece');
          assert.equal(chunks.filter((chunk) => chunk.usage).length, usage ? 1 : 0);
        }
      });

      cell('stream', 'through its helper', async () => {
        const stream = subject.openai.chat.completions.stream({ model, messages: say('hello there') });
        assert.equal(await stream.finalContent(), 'hello there');
      });

      cell('images', 'beside words', async () => {
        const { choices } = await subject.openai.chat.completions.create({
          model,
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: 'look' },
                { type: 'image_url', image_url: { url: png } },
              ],
            },
          ],
        });
        assert.match(choices[0]?.message.content ?? '', /^look/);
        if (type === 'echo') assert.match(choices[0]?.message.content ?? '', /\[image\]/);
        else assert.ok(JSON.stringify(asked()).includes(pngData));
      });

      cell('tools', 'forced, and their results handed back', async () => {
        if (type !== 'echo') subject.fake.next({ toolCalls: [{ name: 'get_weather', arguments: '{}' }] });
        const messages: OpenAI.ChatCompletionMessageParam[] = say('How is the weather?');
        const first = await subject.openai.chat.completions.create({
          model,
          messages,
          tools: [weather],
          tool_choice: 'required',
        });
        const message = first.choices[0]?.message ?? assert.fail();
        assert.equal(first.choices[0]?.finish_reason, 'tool_calls');
        const [call] = message.tool_calls ?? [];
        assert.ok(call?.type === 'function');
        assert.equal(call.function.name, 'get_weather');
        assert.equal(typeof JSON.parse(call.function.arguments), 'object');
        const second = await subject.openai.chat.completions.create({
          model,
          messages: [...messages, message, { role: 'tool', tool_call_id: call.id, content: 'sunny' }],
          tools: [weather],
        });
        assert.equal(second.choices[0]?.message.content, 'sunny');
      });

      cell('chat', 'a response, and the one after it', async () => {
        const first = await subject.openai.responses.create({ model, input: 'hello' });
        assert.equal(first.output_text, 'hello');
        assert.equal(first.status, 'completed');
        const { data: second, response } = await subject.openai.responses
          .create({ model, input: 'again', previous_response_id: first.id, instructions: 'Be brief.' })
          .withResponse();
        assert.equal(second.output_text, 'again');
        assert.equal(second.previous_response_id, first.id);
        assert.equal(response.headers.get('x-gateway-attempts'), '1');
        if (type !== 'echo') assert.match(JSON.stringify(asked()), /hello.*hello.*again/);
      });

      cell('chat', 'on twice from the same response', async () => {
        const first = await subject.openai.responses.create({ model, input: 'hello' });
        for (const input of ['left', 'right']) {
          await subject.openai.responses.create({ model, input, previous_response_id: first.id });
          if (type !== 'echo') assert.doesNotMatch(JSON.stringify(asked()), input === 'right' ? /left/ : /right/);
        }
      });

      cell('stream', 'a response, kept or not', async () => {
        for (const store of [true, false]) {
          const stream = subject.openai.responses.stream({ model, input: 'one two three', store });
          const types = (await all(stream)).map((event) => event.type);
          assert.equal(types.filter((one) => one === 'response.output_text.delta').length >= 2, true);
          assert.deepEqual(types.slice(0, 2), ['response.created', 'response.in_progress']);
          assert.equal(types.at(-1), 'response.completed');
          const response = await stream.finalResponse();
          assert.equal(response.output_text, 'one two three');
          assert.partialDeepStrictEqual({ ...response }, { store });
        }
      });

      cell('errors', 'which parameter is not there', async () => {
        const wanted = subject.openai.chat.completions.create({
          model,
          messages: say('hi'),
          logit_bias: { 50256: -100 },
        });
        if (type === 'openai') {
          await wanted;
          assert.deepEqual(asked().logit_bias, { 50256: -100 });
          return;
        }
        await assert.rejects(wanted, (error) => {
          assert.ok(error instanceof OpenAI.BadRequestError);
          assert.deepEqual([error.code, error.param], ['unsupported_parameter', 'logit_bias']);
          return true;
        });
      });

      cell('structured output', 'of a schema', async () => {
        subject.script(type, { text: '{"city":"Paris"}' });
        const completion = await subject.openai.chat.completions.parse({
          model,
          messages: say('Paris'),
          response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
        });
        assert.deepEqual(completion.choices[0]?.message.parsed, { city: 'Paris' });
        if (type !== 'echo') assert.ok(JSON.stringify(asked()).includes(JSON.stringify(schema)));
        subject.script(type, { text: '{"city":"Rome"}' });
        const response = await subject.openai.responses.parse({
          model,
          input: 'Rome',
          text: { format: { type: 'json_schema', name: 'place', schema, strict: true } },
        });
        assert.deepEqual(response.output_parsed, { city: 'Rome' });
      });

      cell('errors', 'of what it asked', () =>
        assert.rejects(
          subject.openai.chat.completions.create({ model, messages: say('hi'), temperature: 3 }),
          (error) => {
            assert.ok(error instanceof OpenAI.BadRequestError, String(error));
            assert.deepEqual([error.code, error.param], ['invalid_value', 'temperature']);
            return true;
          },
        ),
      );

      for (const [what, ask] of [
        [
          'a chat completion',
          (content: string) =>
            subject.openai.chat.completions.create({ model, messages: say(content), stream: true as const }),
        ],
        ['a response', (input: string) => subject.openai.responses.create({ model, input, stream: true as const })],
        [
          'a response that is not kept',
          (input: string) => subject.openai.responses.create({ model, input, stream: true as const, store: false }),
        ],
      ] as const)
        cell('abort', what, () =>
          subject.leaving(type, async (question) => {
            for await (const _ of await ask(question)) break;
          }),
        );
    });
  }

  for (const type of vendors) {
    const cell = cellsOf('openai', type);
    const model = models[type];

    describe(`with a provider of type ${type}`, () => {
      cell('tools', 'parallel, whole and streamed', async () => {
        const wanted = { model, messages: say('weather?'), tools: [weather], parallel_tool_calls: true };
        subject.fake.next({ toolCalls: twoCalls });
        const { choices } = await subject.openai.chat.completions.create(wanted);
        const callsOf = (calls: OpenAI.ChatCompletionMessageToolCall[] = []) =>
          calls.map((call) =>
            call.type === 'function' ? [call.function.name, JSON.parse(call.function.arguments)] : [],
          );
        const want = twoCalls.map(({ name, arguments: json }) => [name, JSON.parse(json)]);
        assert.deepEqual(callsOf(choices[0]?.message.tool_calls), want);
        subject.fake.next({ toolCalls: twoCalls });
        const streamed = await subject.openai.chat.completions.stream(wanted).finalChatCompletion();
        assert.deepEqual(callsOf(streamed.choices[0]?.message.tool_calls), want);
        subject.fake.next({ toolCalls: twoCalls });
        const response = await subject.openai.responses
          .stream({ model, input: 'weather?', tools: [{ ...weather.function, type: 'function', strict: false }] })
          .finalResponse();
        assert.deepEqual(
          response.output.map((item) => (item.type === 'function_call' ? [item.name, JSON.parse(item.arguments)] : [])),
          want,
        );
        const results = response.output.flatMap((item) =>
          item.type === 'function_call'
            ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: `sun in ${item.arguments}` }]
            : [],
        );
        const next = await subject.openai.responses.create({
          model,
          input: results,
          previous_response_id: response.id,
        });
        assert.equal(next.status, 'completed');
        assert.match(JSON.stringify(asked()), /sun in .*Paris.*sun in .*東京/);
      });

      it('says what ended an answer', async () => {
        const finish = { openai: 'length', anthropic: 'max_tokens' }[type];
        subject.fake.next({ text: 'half', finish });
        const { choices } = await subject.openai.chat.completions.create({ model, messages: say('hi'), max_tokens: 1 });
        assert.equal(choices[0]?.finish_reason, 'length');
        subject.fake.next({ text: 'half', finish });
        const response = await subject.openai.responses.create({ model, input: 'hi', max_output_tokens: 16 });
        assert.equal(response.status, 'incomplete');
        assert.deepEqual(response.incomplete_details, { reason: 'max_output_tokens' });
      });

      cell('errors', 'before a stream begins', async () => {
        for (const store of [true, false]) {
          subject.fake.next({ status: 400, message: 'No.' });
          await assert.rejects(
            subject.openai.responses.create({ model, input: 'hi', stream: true, store }),
            OpenAI.BadRequestError,
          );
        }
        subject.fake.next({ status: 400, message: 'No.' });
        await assert.rejects(
          subject.openai.chat.completions.create({ model, messages: say('hi'), stream: true }),
          OpenAI.BadRequestError,
        );
      });

      cell('errors', 'in the middle of a stream', async () => {
        subject.fake.next({ text: 'one two three', errorInside: true });
        const stream = await subject.openai.chat.completions.create({ model, messages: say('hi'), stream: true });
        await assert.rejects(all(stream), OpenAI.APIError);
        subject.fake.next({ text: 'one two three', errorInside: true });
        const events = await all(await subject.openai.responses.create({ model, input: 'hi', stream: true }));
        const last = events.at(-1);
        assert.ok(last?.type === 'response.failed');
        assert.equal(last.response.error?.code, 'server_error');
      });

      it('is not sent to try again what the gateway has tried already', async () => {
        const patient = new OpenAI({
          apiKey: subject.gateway.adminKey,
          baseURL: `${subject.gateway.url}/v1`,
          maxRetries: 3,
        });
        const before = subject.fake.requests.length;
        subject.fake.next({ status: 400, message: 'No.' });
        await assert.rejects(patient.chat.completions.create({ model, messages: say('hi') }), OpenAI.BadRequestError);
        assert.equal(subject.fake.requests.length - before, 1);
      });
    });
  }

  describe('raises its own errors', () => {
    const cases: [
      title: string,
      ask: () => Promise<unknown>,
      raised: new (...args: never[]) => Error,
      members: object,
    ][] = [
      [
        'of a model that is not there',
        () => chat({ model: 'nobody' }),
        OpenAI.NotFoundError,
        { code: 'model_not_found', param: 'model' },
      ],
      [
        'of a member of the wrong type',
        () => chat({ messages: 3 }),
        OpenAI.BadRequestError,
        { code: 'invalid_type', param: 'messages' },
      ],
      [
        'of a value out of bounds',
        () => chat({ temperature: 3 }),
        OpenAI.BadRequestError,
        { code: 'invalid_value', param: 'temperature' },
      ],
      [
        'of a response that was never given',
        () => subject.openai.responses.create({ input: 'hi', previous_response_id: 'resp_0' }),
        OpenAI.NotFoundError,
        { param: 'previous_response_id' },
      ],
      [
        'of a path that is not there',
        () => subject.openai.get('/nothing'),
        OpenAI.NotFoundError,
        { code: 'not_found' },
      ],
      [
        'of a key that nobody has',
        () => new OpenAI({ apiKey: 'sk-nobody', baseURL: `${subject.gateway.url}/v1` }).models.list(),
        OpenAI.AuthenticationError,
        { code: 'invalid_api_key' },
      ],
    ];
    const chat = (more: object) =>
      subject.openai.post('/chat/completions', { body: { model: 'echo', messages: say('hi'), ...more } });

    for (const [title, ask, raised, members] of cases) {
      it(title, () =>
        assert.rejects(ask(), (error) => {
          assert.ok(error instanceof raised, String(error));
          assert.partialDeepStrictEqual({ ...error }, members);
          return true;
        }),
      );
    }

    it('of a limit, with when to come back, and comes back by itself', async () => {
      const apiKey = await subject.gateway.makeKey({ limits: { requestsPerMinute: 1 } });
      const client = new OpenAI({ apiKey, baseURL: `${subject.gateway.url}/v1`, maxRetries: 0 });
      await client.models.list();
      await assert.rejects(client.models.list(), (error) => {
        assert.ok(error instanceof OpenAI.RateLimitError);
        assert.equal(error.code, 'rate_limit_exceeded');
        assert.match(error.headers.get('retry-after') ?? '', /^\d+$/);
        assert.equal(error.headers.get('x-should-retry'), 'true');
        return true;
      });
    });

    it('of a key without the scope', async () => {
      const apiKey = await subject.gateway.makeKey({ scopes: ['status'] });
      const client = new OpenAI({ apiKey, baseURL: `${subject.gateway.url}/v1` });
      await assert.rejects(client.models.list(), OpenAI.PermissionDeniedError);
    });
  });

  it('lists models and reads one', async () => {
    const listed = await all(subject.openai.models.list());
    assert.deepEqual(listed.map(({ id }) => id).sort(), ['any', ...Object.values(models)].sort());
    assert.equal((await subject.openai.models.retrieve('gpt-4o')).owned_by, 'chat');
  });

  it('sends its key in either header', async () => {
    const client = new OpenAI({
      apiKey: 'unused',
      baseURL: `${subject.gateway.url}/v1`,
      defaultHeaders: { Authorization: null, 'x-api-key': subject.gateway.adminKey },
    });
    assert.ok((await all(client.models.list())).length > 0);
  });

  it('turns texts into vectors by a provider of other words', async () => {
    const input = ['hello', 'hi'];
    const vectorsIn = async (more: object) =>
      (await subject.openai.embeddings.create({ model: models.echo, input, dimensions: 8, ...more })).data.map(
        ({ embedding }) => embedding.map(Math.fround),
      );
    const vectors = await vectorsIn({ encoding_format: 'float' });
    assert.deepEqual(
      vectors.map(({ length }) => length),
      [8, 8],
    );
    assert.notDeepEqual(vectors[0], vectors[1]);
    // The package asks for base64 where it is not told otherwise, and reads it.
    assert.deepEqual(await vectorsIn({}), vectors);
  });

  it('is told that a provider has no vectors', () =>
    assert.rejects(subject.openai.embeddings.create({ model: models.anthropic, input: 'hi' }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.deepEqual([error.code, error.param], ['unsupported_parameter', 'model']);
      return true;
    }));

  it('turns texts into vectors', async () => {
    const { data, usage } = await subject.openai.embeddings.create({
      model: models.openai,
      input: ['hello', 'hi'],
      encoding_format: 'float',
    });
    assert.deepEqual(
      data.map(({ embedding }) => embedding),
      [
        [0.5, 0, -0.5],
        [0.2, 1, -0.5],
      ],
    );
    assert.ok(usage.prompt_tokens > 0);
  });
});
