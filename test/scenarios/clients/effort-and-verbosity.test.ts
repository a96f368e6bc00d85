/** How much a model is to think and to say, from the words of any client to those of any provider. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { all, models, type Subject, startSubject, vendors } from '../../support/client-subject.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

/** Where each type of provider reads it. */
const asTold = {
  openai: (effort: string) => ({ reasoning_effort: effort }),
  anthropic: (effort: string) => ({ output_config: { effort } }),
};

describe('how much a model is to think and to say', () => {
  let subject: Subject;
  before(async () => {
    subject = await startSubject();
  });
  after(() => subject.close());

  const asked = () => subject.fake.requests.at(-1)?.body ?? assert.fail('nobody was asked');
  const told = () => {
    const { reasoning_effort, output_config, thinking, reasoning, verbosity, text } = asked();
    return JSON.parse(JSON.stringify({ reasoning_effort, output_config, thinking, reasoning, verbosity, text }));
  };
  const messages = [{ role: 'user' as const, content: 'hello there' }];

  async function refuses(ask: () => Promise<unknown>, param: string): Promise<void> {
    await assert.rejects(ask(), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError, String(error));
      assert.deepEqual([error.code, error.param], ['unsupported_parameter', param]);
      assert.ok(error.message.includes(`\`${param}\``), error.message);
      return true;
    });
  }

  /** Whether it is kept or not, streamed or not. */
  async function refusesResponses(wanted: OpenAI.Responses.ResponseCreateParams, param: string): Promise<void> {
    for (const store of [true, false])
      for (const stream of [true, false])
        await refuses(() => subject.openai.responses.create({ ...wanted, store, stream }), param);
  }

  for (const type of vendors) {
    const model = models[type];

    for (const store of [true, false]) {
      it(`is said with a response that is ${store ? 'kept' : 'not kept'}, to ${type}`, async () => {
        const request = { model, input: 'hello there', store, reasoning: { effort: 'low', summary: 'auto' } as const };
        const whole = await subject.openai.responses.create(request);
        assert.equal(whole.output_text, 'hello there');
        assert.deepEqual(whole.reasoning, { effort: 'low', summary: null });
        assert.deepEqual(told(), asTold[type]('low'));
        assert.equal(asked().stream, undefined);

        const events = await all(await subject.openai.responses.create({ ...request, stream: true }));
        const last = events.at(-1);
        assert.ok(last?.type === 'response.completed');
        assert.deepEqual(last.response.reasoning, { effort: 'low', summary: null });
        assert.deepEqual(told(), asTold[type]('low'));
        assert.equal(asked().stream, true);
      });
    }

    it(`is said anew with each response that goes on, to ${type}`, async () => {
      const first = await subject.openai.responses.create({ model, input: 'one', reasoning: { effort: 'high' } });
      const next = { model, input: 'two', previous_response_id: first.id };
      const second = await subject.openai.responses.create(next);
      assert.deepEqual(told(), {});
      assert.equal('reasoning' in second, false);
      await subject.openai.responses.create({ ...next, reasoning: { effort: 'medium' } });
      assert.deepEqual(told(), asTold[type]('medium'));
      assert.match(JSON.stringify(asked()), /one.*one.*two/);
    });

    it(`is said with a chat completion, to ${type}`, async () => {
      await subject.openai.chat.completions.create({ model, messages, reasoning_effort: 'xhigh' });
      assert.deepEqual(told(), asTold[type]('xhigh'));
    });

    it(`is said with a message, to ${type}`, async () => {
      await subject.anthropic.messages.create({ model, max_tokens: 9, messages, output_config: { effort: 'max' } });
      assert.deepEqual(told(), asTold[type]('max'));
    });

    it(`has no summary of its own length, from ${type}`, async () => {
      const before = subject.fake.requests.length;
      await assert.rejects(
        subject.openai.responses.create({ model, input: 'hi', reasoning: { effort: 'low', summary: 'detailed' } }),
        (error) => {
          assert.ok(error instanceof OpenAI.BadRequestError);
          assert.deepEqual([error.code, error.param], ['unsupported_parameter', 'reasoning.summary']);
          return true;
        },
      );
      assert.equal(subject.fake.requests.length, before);
    });
  }

  it('is refused by its name where the provider has no word for it', async () => {
    const before = subject.fake.requests.length;
    const model = models.anthropic;
    for (const effort of ['none', 'minimal'] as const) {
      const response = { model, input: 'hi', reasoning: { effort } };
      await refusesResponses(response, 'reasoning.effort');
      await refuses(
        () => subject.openai.chat.completions.create({ model, messages, reasoning_effort: effort }),
        'reasoning_effort',
      );
    }
    assert.equal(subject.fake.requests.length, before);
  });

  it('goes to the next provider of a route that has the word', async () => {
    const wanted = { model: 'any', input: 'hi', reasoning: { effort: 'none' } } as const;
    const { response } = await subject.openai.responses.create(wanted).withResponse();
    assert.equal(response.headers.get('x-gateway-provider'), 'chat');
    assert.deepEqual(told(), asTold.openai('none'));
  });

  it("is a word of the client's own where the provider speaks its words", async () => {
    await subject.openai.post('/chat/completions', {
      body: { model: models.openai, messages, reasoning_effort: 'heroic' },
    });
    assert.deepEqual(told(), asTold.openai('heroic'));
    await assert.rejects(
      subject.openai.post('/chat/completions', {
        body: { model: models.anthropic, messages, reasoning_effort: 'heroic' },
      }),
      OpenAI.BadRequestError,
    );
    const wanted = { max_tokens: 9, messages, output_config: { effort: 'heroic' } };
    await subject.anthropic.post('/v1/messages', { body: { model: models.anthropic, ...wanted } });
    assert.deepEqual(told(), asTold.anthropic('heroic'));
    await assert.rejects(
      subject.anthropic.post('/v1/messages', { body: { model: models.openai, ...wanted } }),
      (error) => {
        assert.ok(error instanceof Anthropic.BadRequestError);
        assert.match(error.message, /output_config\.effort: /);
        return true;
      },
    );
  });

  for (const store of [true, false]) {
    it(`is said with a response that is ${store ? 'kept' : 'not kept'}, of its length too`, async () => {
      const format = { type: 'json_object' as const };
      const request = {
        model: models.openai,
        input: 'hello there',
        store,
        text: { format, verbosity: 'low' } as const,
      };
      const whole = await subject.openai.responses.create(request);
      assert.deepEqual(whole.text, { format, verbosity: 'low' });
      assert.deepEqual(told(), { verbosity: 'low' });
      assert.deepEqual(asked().response_format, format);
      assert.equal(asked().stream, undefined);

      const events = await all(await subject.openai.responses.create({ ...request, stream: true }));
      const last = events.at(-1);
      assert.ok(last?.type === 'response.completed');
      assert.deepEqual(last.response.text, { format, verbosity: 'low' });
      assert.deepEqual(told(), { verbosity: 'low' });
      assert.equal(asked().stream, true);
    });
  }

  it('is said anew with each response that goes on, of its length too', async () => {
    const model = models.openai;
    const first = await subject.openai.responses.create({ model, input: 'one', text: { verbosity: 'high' } });
    assert.deepEqual(told(), { verbosity: 'high' });
    const second = await subject.openai.responses.create({ model, input: 'two', previous_response_id: first.id });
    assert.deepEqual(told(), {});
    assert.deepEqual(second.text, { format: { type: 'text' } });
  });

  it('is a length that nobody has to hear of where it is the usual one', async () => {
    for (const type of vendors) {
      const model = models[type];
      const { text } = await subject.openai.responses.create({ model, input: 'hi', text: { verbosity: 'medium' } });
      assert.deepEqual(text, { format: { type: 'text' }, verbosity: 'medium' });
      assert.deepEqual(told(), {});
    }
    const wanted = { messages, verbosity: 'medium' } as const;
    await subject.openai.chat.completions.create({ model: models.anthropic, ...wanted });
    assert.deepEqual(told(), {});
    // Its bytes are the client's.
    await subject.openai.chat.completions.create({ model: models.openai, ...wanted });
    assert.deepEqual(told(), { verbosity: 'medium' });
  });

  it('is a length that is refused by its name where the provider has no word for it', async () => {
    const before = subject.fake.requests.length;
    const model = models.anthropic;
    for (const verbosity of ['low', 'high'] as const) {
      const response = { model, input: 'hi', text: { verbosity } };
      await refusesResponses(response, 'text.verbosity');
      await refuses(() => subject.openai.chat.completions.create({ model, messages, verbosity }), 'verbosity');
    }
    assert.equal(subject.fake.requests.length, before);
  });

  it('is a length that the next provider of a route can be told', async () => {
    const asks = [
      () => subject.openai.responses.create({ model: 'any', input: 'hi', text: { verbosity: 'high' } }).withResponse(),
      () => subject.openai.chat.completions.create({ model: 'any', messages, verbosity: 'high' }).withResponse(),
    ];
    for (const ask of asks) {
      const { response } = await ask();
      assert.equal(response.headers.get('x-gateway-provider'), 'chat');
      assert.deepEqual(told(), { verbosity: 'high' });
    }
  });

  for (const type of vendors) {
    it(`is said by the Codex CLI, to ${type}`, async () => {
      const text = (type: string, said: string) => [{ type, text: said }];
      const talk: object[] = [
        { type: 'message', role: 'developer', content: text('input_text', '<permissions>read-only</permissions>') },
        { type: 'message', role: 'user', content: text('input_text', '<environment>bash</environment>') },
        { type: 'message', role: 'user', content: text('input_text', 'What is here?') },
      ];
      const wanted = { command: ['ls'], workdir: '.' };
      subject.fake.next({ text: 'Let me look.', toolCalls: [{ name: 'shell', arguments: JSON.stringify(wanted) }] });
      const first = await asCodex(subject.gateway, models[type], talk);
      const [said, call] = first.items;
      assert.deepEqual([said?.type, call?.type, call?.name], ['message', 'function_call', 'shell']);
      assert.deepEqual(JSON.parse(String(call?.arguments)), wanted);
      assert.deepEqual(told(), asTold[type]('medium'));
      assert.match(JSON.stringify(asked()), /You are a coding agent.*permissions|permissions.*You are a coding agent/);

      const answer = { type: 'message', role: 'assistant', content: text('output_text', 'Let me look.') };
      const { call_id } = call ?? assert.fail('no call');
      const calling = { type: 'function_call', name: 'shell', arguments: JSON.stringify(wanted), call_id };
      const result = { type: 'function_call_output', call_id, output: 'README.md' };
      subject.fake.next({ text: 'One file.' });
      const second = await asCodex(subject.gateway, models[type], [...talk, answer, calling, result]);
      assert.deepEqual(second.items[0]?.content, [
        { type: 'output_text', text: 'One file.', annotations: [], logprobs: [] },
      ]);
      assert.match(JSON.stringify(asked()), /What is here\?.*Let me look\..*README\.md/);
    });
  }

  it("reaches OpenAI's responses beside tools, through a package of the AI SDK", async () => {
    const { origin } = new URL(subject.fake.openaiUrl);
    const settings = { apiKey: 'sk-upstream', baseURL: `${origin}/openai/v1` };
    const gateway = await startGateway({
      settings: {
        providers: { thinking: { type: 'ai-sdk', package: '@ai-sdk/openai', models: ['gpt-5.6'], settings } },
      },
    });
    const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is here?' }] }];
    subject.fake.next({ text: '', toolCalls: [{ name: 'shell', arguments: '{"command":["ls"]}' }] });
    // What it says to the newest models.
    const { items } = await asCodex(gateway, 'gpt-5.6', input, { text: { verbosity: 'low' } });
    await gateway.close();
    assert.deepEqual([items[0]?.name, items[0]?.arguments], ['shell', '{"command":["ls"]}']);
    assert.equal(subject.fake.requests.at(-1)?.path, '/openai/v1/responses');
    assert.deepEqual(told(), { reasoning: { effort: 'medium' }, text: { verbosity: 'low' } });
    assert.match(JSON.stringify(asked().tools), /shell.*update_plan/);
  });
});

const shell = {
  type: 'function',
  name: 'shell',
  description: 'Runs a shell command and returns its output.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      command: { type: 'array', items: { type: 'string' }, description: 'The command to execute' },
      workdir: { type: 'string', description: 'The working directory to execute the command in' },
      timeout_ms: { type: 'number', description: 'The timeout for the command in milliseconds' },
    },
    required: ['command'],
    additionalProperties: false,
  },
};

const plan = {
  type: 'function',
  name: 'update_plan',
  description: 'Updates the task plan.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      explanation: { type: 'string' },
      plan: {
        type: 'array',
        items: {
          type: 'object',
          properties: { step: { type: 'string' }, status: { type: 'string' } },
          required: ['step', 'status'],
          additionalProperties: false,
        },
      },
    },
    required: ['plan'],
    additionalProperties: false,
  },
};

/** The request of the Codex CLI, member for member, and what it reads of the answer. */
async function asCodex(
  gateway: TestGateway,
  model: string,
  input: object[],
  more: object = {},
): Promise<{ items: Record<string, unknown>[] }> {
  const session = '01999999-9999-7999-8999-999999999999';
  const response = await gateway.request('POST', '/v1/responses', {
    headers: { Accept: 'text/event-stream', originator: 'codex_cli_rs', session_id: session },
    body: {
      model,
      instructions: 'You are a coding agent.',
      input,
      tools: [shell, plan],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { effort: 'medium', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: session,
      client_metadata: { 'x-codex-installation-id': session },
      ...more,
    },
  });
  assert.equal(response.status, 200, response.text);
  const events = [...response.text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
  assert.equal(events[0]?.type, 'response.created');
  const last = events.at(-1);
  assert.equal(last?.type, 'response.completed');
  assert.equal(typeof last.response.id, 'string');
  assert.equal(typeof last.response.usage.total_tokens, 'number');
  return { items: events.flatMap(({ type, item }) => (type === 'response.output_item.done' ? [item] : [])) };
}
