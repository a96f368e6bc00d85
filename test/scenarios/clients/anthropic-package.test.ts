/** Anthropic's own client, unmodified, through the gateway, against a provider of each type. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { cellsOf } from '../../support/client-matrix.ts';
import { everyType, models, pngData, type Subject, startSubject } from '../../support/client-subject.ts';

const schema = {
  type: 'object' as const,
  properties: { name: { type: 'string' as const }, age: { type: 'integer' as const } },
  required: ['name', 'age'],
  additionalProperties: false,
};
const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
};

describe('the package @anthropic-ai/sdk', () => {
  let subject: Subject;
  let client: Anthropic;
  before(async () => {
    subject = await startSubject();
    client = subject.anthropic;
  });
  after(() => subject.close());

  for (const type of everyType) {
    const cell = cellsOf('@anthropic-ai/sdk', type);
    const model = models[type];

    describe(`with a provider of type ${type}`, () => {
      cell('chat', 'whole', async () => {
        const message = await client.messages.create({
          model,
          max_tokens: 100,
          system: 'Be brief.',
          messages: [{ role: 'user', content: 'Grüße aus 東京' }],
        });
        assert.deepEqual([message.type, message.role, message.stop_reason], ['message', 'assistant', 'end_turn']);
        assert.deepEqual(message.content, [{ type: 'text', text: 'Grüße aus 東京', citations: null }]);
        assert.match(message.id, /^msg_/);
        assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
      });

      cell('stream', 'through its helper', async () => {
        const stream = client.messages.stream({
          model,
          max_tokens: 100,
          messages: [{ role: 'user', content: 'one two three' }],
        });
        const texts: string[] = [];
        stream.on('text', (text) => texts.push(text));
        const message = await stream.finalMessage();
        assert.ok(texts.length >= 2);
        assert.equal(texts.join(''), 'one two three');
        assert.deepEqual(
          message.content.map((block) => block.type === 'text' && block.text),
          ['one two three'],
        );
        assert.equal(message.stop_reason, 'end_turn');
        assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
      });

      for (const streamed of [false, true])
        cell('tools', `and their results, ${streamed ? 'stream' : 'whole'}`, async () => {
          const args = { city: type === 'echo' ? 'How is the weather?' : 'Paris' };
          subject.script(type, { toolCalls: [{ name: 'get_weather', arguments: JSON.stringify(args) }] });
          const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'How is the weather?' }];
          const ask = { model, max_tokens: 100, messages, tools: [weather] };
          const forced = { ...ask, tool_choice: { type: 'any' as const } };
          const called = streamed
            ? await client.messages.stream(forced).finalMessage()
            : await client.messages.create(forced);
          assert.equal(called.stop_reason, 'tool_use');
          const call = called.content.find((block) => block.type === 'tool_use');
          assert.ok(call);
          assert.deepEqual([call.name, call.input], ['get_weather', args]);
          messages.push({ role: 'assistant', content: called.content });
          messages.push({
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: call.id, content: [{ type: 'text', text: '21 degrees' }] }],
          });
          const answer = await client.messages.create(ask);
          assert.match(JSON.stringify(answer.content), /21 degrees/);
        });

      if (type !== 'echo')
        cell('tools', 'several at once', async () => {
          const calls = ['Paris', 'Rome'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) }));
          subject.script(type, { toolCalls: calls });
          const message = await client.messages
            .stream({ model, max_tokens: 100, messages: [{ role: 'user', content: 'x' }], tools: [weather] })
            .finalMessage();
          assert.deepEqual(
            message.content.map((block) => block.type === 'tool_use' && block.input),
            [{ city: 'Paris' }, { city: 'Rome' }],
          );
        });

      cell('images', 'as bytes and as an address', async () => {
        const message = await client.messages.create({
          model,
          max_tokens: 100,
          messages: [
            {
              role: 'user',
              content: [
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pngData } },
                { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
                { type: 'text', text: 'What is this?' },
              ],
            },
          ],
        });
        assert.match(JSON.stringify(message.content), /What is this\?/);
        if (type === 'echo') return;
        const sent = JSON.stringify(subject.fake.requests.at(-1)?.body);
        assert.ok(sent.includes(pngData) && sent.includes('https://example.com/cat.png'));
      });

      cell('structured output', 'of a schema', async () => {
        subject.script(type, { text: '{"name":"Ann","age":0}' });
        const message = await client.messages.create({
          model,
          max_tokens: 100,
          messages: [{ role: 'user', content: 'Ann' }],
          output_config: { format: { type: 'json_schema', schema } },
        });
        const [block] = message.content;
        assert.ok(block?.type === 'text');
        assert.deepEqual(JSON.parse(block.text), { name: 'Ann', age: 0 });
      });

      it('counts tokens', async () => {
        const { input_tokens: count } = await client.messages.countTokens({
          model,
          messages: [{ role: 'user', content: 'four by four is sixteen' }],
        });
        assert.ok(count > 0);
      });

      cell('abort', 'of a stream', () =>
        subject.leaving(type, async (content) => {
          const abort = new AbortController();
          const stream = client.messages.stream(
            { model, max_tokens: 100_000, messages: [{ role: 'user', content }] },
            { signal: abort.signal },
          );
          stream.once('text', () => abort.abort());
          await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
        }),
      );

      cell('errors', 'in its own classes', async () => {
        const ask = (changes: object) =>
          client.messages.create({ model, max_tokens: 100, messages: [{ role: 'user', content: 'x' }], ...changes });
        await assert.rejects(ask({ model: 'nobody' }), (error) =>
          isError(error, Anthropic.NotFoundError, 'not_found_error', /nobody/),
        );
        await assert.rejects(ask({ messages: 'x' }), (error) =>
          isError(error, Anthropic.BadRequestError, 'invalid_request_error', /^messages: must be array$/),
        );
        await assert.rejects(ask({ max_tokens: undefined }), (error) =>
          isError(error, Anthropic.BadRequestError, 'invalid_request_error', /^max_tokens: Field required$/),
        );
        const stranger = new Anthropic({ apiKey: 'wrong', baseURL: subject.gateway.url, maxRetries: 0 });
        await assert.rejects(
          stranger.messages.create({ model, max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }),
          (error) => isError(error, Anthropic.AuthenticationError, 'authentication_error', /./),
        );
        if (type === 'echo') return;
        for (const stream of [false, true]) {
          subject.script(type, { status: 500 });
          await assert.rejects(ask({ stream }), (error) =>
            isError(error, Anthropic.InternalServerError, 'overloaded_error', /./),
          );
          subject.script(type, { status: 401 });
          await assert.rejects(ask({ stream }), (error) =>
            isError(error, Anthropic.InternalServerError, 'api_error', /./),
          );
        }
        subject.script(type, { errorInside: true, chunks: 20 });
        const stream = await ask({ stream: true });
        await assert.rejects(async () => {
          for await (const _ of Object(stream));
        }, Anthropic.APIError);
      });
    });
  }

  it('brings its key either way, and learns who answered', async () => {
    const bearer = new Anthropic({
      apiKey: null,
      authToken: await subject.gateway.makeKey(),
      baseURL: subject.gateway.url,
      maxRetries: 0,
    });
    const {
      data,
      response,
      request_id: id,
    } = await bearer.messages
      .create({ model: 'gpt-4o', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] })
      .withResponse();
    assert.equal(data.model, 'gpt-4o');
    assert.match(String(id), /^req_/);
    assert.equal(response.headers.get('x-request-id'), id);
    assert.deepEqual(
      [response.headers.get('x-gateway-provider'), response.headers.get('x-gateway-attempts')],
      ['chat', '1'],
    );
  });

  for (const stream of [false, true])
    it(`does not notice that a provider is gone, ${stream ? 'stream' : 'whole'}`, async () => {
      subject.fake.next({ status: 529 });
      const ask = { model: 'any', max_tokens: 9, messages: [{ role: 'user' as const, content: 'hello there' }] };
      const message = stream ? await client.messages.stream(ask).finalMessage() : await client.messages.create(ask);
      assert.deepEqual(
        message.content.map((block) => block.type === 'text' && block.text),
        ['hello there'],
      );
      // The first one was asked in its own words, the second in its.
      const [first, second] = subject.fake.requests.slice(-2);
      assert.deepEqual([first?.path, second?.path], ['/v1/messages', '/v1/chat/completions']);
      assert.deepEqual([first?.body.model, second?.body.model], [models.anthropic, 'gpt-4o']);
    });

  it('is told when it asks too often, and when to come back', async () => {
    const apiKey = await subject.gateway.makeKey({ limits: { requestsPerMinute: 1 } });
    const hasty = new Anthropic({ apiKey, baseURL: subject.gateway.url, maxRetries: 0 });
    const ask = () =>
      hasty.messages.create({ model: 'echo', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] });
    await ask();
    await assert.rejects(ask(), (error) => {
      isError(error, Anthropic.RateLimitError, 'rate_limit_error', /./);
      assert.ok(error instanceof Anthropic.RateLimitError);
      assert.match(error.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      return error.headers.get('x-should-retry') === 'true';
    });
  });

  it('has tokens counted by who counts, for nothing, and estimated by who does not', async () => {
    const messages = [{ role: 'user' as const, content: 'x'.repeat(400) }];
    subject.fake.next({ body: '{"input_tokens":123}' });
    const counted = await client.messages.countTokens({ model: models.anthropic, messages });
    assert.equal(counted.input_tokens, 123);
    assert.equal(subject.fake.requests.at(-1)?.path, '/v1/messages/count_tokens');
    const count = subject.fake.requests.length;
    const estimated = await client.messages.countTokens({ model: 'gpt-4o', messages, system: 'y'.repeat(40) });
    assert.equal(estimated.input_tokens, 110);
    assert.equal(subject.fake.requests.length, count, 'somebody was asked');
  });

  it('gets the very words of a provider that speaks its own', async () => {
    const ask = (changes: object) =>
      client.messages.create({
        model: models.anthropic,
        max_tokens: 100,
        messages: [{ role: 'user', content: 'x' }],
        ...changes,
      });
    subject.fake.next({ status: 400, message: 'messages.0: no such thing' });
    await assert.rejects(ask({}), (error) =>
      isError(error, Anthropic.BadRequestError, 'invalid_request_error', /^messages\.0: no such thing$/),
    );
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    await ask({
      thinking,
      container: 'x',
      messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'text' } }] }],
    });
    const { body } = subject.fake.requests.at(-1) ?? {};
    assert.deepEqual([body?.thinking, body?.container], [thinking, 'x']);
  });

  for (const [title, changes, place] of [
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 1024 } }, 'thinking'],
    ['a tool of Anthropic', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools.0.type'],
    [
      'a document',
      { messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'text' } }] }] },
      'messages.0.content.0.type',
    ],
    ['a member that nobody knows', { container: 'x' }, 'container'],
    ['what only the provider cannot do', { top_k: 5 }, 'top_k'],
  ] as const)
    it(`hears by name what a provider of other words cannot do: ${title}`, async () => {
      const body = { model: 'gpt-4o', max_tokens: 9, messages: [{ role: 'user', content: 'x' }], ...changes };
      await assert.rejects(client.post('/v1/messages', { body }), (error) =>
        isError(
          error,
          Anthropic.BadRequestError,
          'invalid_request_error',
          new RegExp(`^${place.replaceAll('.', '\\.')}: is not`),
        ),
      );
    });
});

function isError(
  error: unknown,
  kind: new (...args: never[]) => InstanceType<typeof Anthropic.APIError>,
  type: string,
  message: RegExp,
): true {
  assert.ok(error instanceof kind, `${error}`);
  assert.equal(error.type, type);
  assert.match(String(error.apiMessage), message);
  assert.match(String(error.requestID), /^req_/);
  assert.equal(Object(error.error).request_id, error.requestID);
  return true;
}
