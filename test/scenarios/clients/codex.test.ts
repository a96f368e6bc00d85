/** Requests as the Codex CLI sends them today: as they are to a provider with responses of its own, translated to others. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

const lark = { type: 'grammar', syntax: 'lark', definition: 'start: /.+/s' };
const tools = [
  { type: 'function', name: 'shell', strict: false, parameters: { type: 'object', properties: {} } },
  { type: 'custom', name: 'apply_patch', description: 'Edits files.', format: lark },
  { type: 'namespace', name: 'mcp__docs', tools: [{ type: 'function', name: 'search', parameters: {} }] },
  { type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec', description: 'Runs a script.' }] },
  { type: 'web_search', external_web_access: true },
];
const said = (type: string, text: string) => [{ type, text }];
const input = [
  { type: 'additional_tools', role: 'developer', tools: [{ type: 'custom', name: 'exec', description: 'Runs.' }] },
  { type: 'message', role: 'developer', content: said('input_text', '<permissions>read-only</permissions>') },
  { type: 'message', role: 'user', content: said('input_text', 'hello there') },
  { type: 'reasoning', summary: [], encrypted_content: 'c2VhbGVk' },
  { type: 'custom_tool_call', call_id: 'call_1', name: 'apply_patch', input: '*** Begin Patch' },
  { type: 'custom_tool_call_output', call_id: 'call_1', output: 'Done' },
];
const request = {
  instructions: 'You are a coding agent.',
  input,
  tools,
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: 'auto', context: 'all_turns' },
  store: false,
  stream: true,
  include: ['reasoning.encrypted_content'],
  text: { verbosity: 'low' },
};

describe('the Codex CLI', () => {
  let fake: FakeProvider;
  let gateway: TestGateway;
  before(async () => {
    fake = await startFakeProvider();
    const apiKey = 'sk-upstream';
    const baseUrl = `${new URL(fake.openaiUrl).origin}/openai/v1`;
    gateway = await startGateway({
      settings: {
        providers: {
          whole: { type: 'openai', baseUrl, apiKey, models: ['gpt-5.6'], responses: true },
          chat: { type: 'openai', baseUrl: fake.openaiUrl, apiKey, models: ['gpt-4o'] },
        },
        models: { routes: { either: ['whole/gpt-5.6', 'chat/gpt-4o'], chatFirst: ['chat/gpt-4o', 'whole/gpt-5.6'] } },
      },
    });
  });
  after(async () => {
    await gateway.close();
    await fake.close();
  });

  const ask = (body: object) => gateway.request('POST', '/v1/responses', { body });
  const clientOf = () => new OpenAI({ apiKey: gateway.adminKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

  it('has its words handed on as they are, and gets the answer so', async () => {
    const { status, text } = await ask({ ...request, model: 'gpt-5.6' });
    assert.equal(status, 200, text);
    assert.deepEqual(fake.requests.at(-1)?.body, { ...request, model: 'gpt-5.6' });
    assert.match(text, /resp_67ccd3a9da748190baa7f1570fe91ac604becb25c45c1d41.*response\.completed/s);
    const { body } = await gateway.request('GET', '/api/v2/usage?groupBy=model');
    const [{ model, runs, inputTokens }] = body.items;
    assert.deepEqual([model, runs, inputTokens > 0], ['gpt-5.6', 1, true]);
  });

  it('gets one answer as it is where it asks for no stream', async () => {
    const output = [{ type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'apply_patch', input: '***' }];
    const answer = { id: 'resp_2', object: 'response', status: 'completed', error: null, model: 'gpt-5.6', output };
    fake.next({ body: JSON.stringify(answer), contentType: 'application/json' });
    const { status, text } = await ask({ ...request, model: 'gpt-5.6', stream: false });
    assert.equal(status, 200, text);
    assert.equal(text, JSON.stringify(answer));
  });

  it('is told what a provider without responses cannot be asked', async () => {
    const before = fake.requests.length;
    const { status, body } = await ask({ ...request, model: 'gpt-4o' });
    assert.equal(status, 400);
    assert.equal(body.error.code, 'unsupported_parameter');
    assert.equal(fake.requests.length, before);
  });

  it('has its tools called by a provider without responses, and goes on from what they gave', async () => {
    const { reasoning, ...rest } = {
      ...request,
      model: 'gpt-4o',
      tools: tools.filter(({ type }) => type !== 'web_search'),
    };
    const calls = [
      { name: 'apply_patch', arguments: '{"input":"*** Begin Patch"}' },
      { name: 'mcp__docs__search', arguments: '{"for":"x"}' },
      { name: 'functions__exec', arguments: '{"input":"text(1)"}' },
    ];
    fake.next({ toolCalls: calls });
    // Of its thoughts it wants to be told what there is.
    const { status, text } = await ask({ ...rest, reasoning });
    assert.equal(status, 200, text);
    const { messages, tools: given } = fake.requests.at(-1)?.body ?? {};
    assert.match(JSON.stringify(given), /"apply_patch".*Keeps to this lark grammar.*"mcp__docs__search".*"exec"/);
    assert.doesNotMatch(JSON.stringify(messages), /c2VhbGVk/);
    const last = /event: response\.completed\ndata: (.*)/.exec(text)?.[1] ?? assert.fail('it did not end');
    const { output } = JSON.parse(last).response;
    assert.deepEqual(
      output.map(({ type, name, namespace, input: said }: Record<string, string>) => [type, name, namespace, said]),
      [
        ['custom_tool_call', 'apply_patch', undefined, '*** Begin Patch'],
        ['function_call', 'search', 'mcp__docs', undefined],
        ['custom_tool_call', 'exec', 'functions', 'text(1)'],
      ],
    );
    const results = output.map(({ type = '', call_id }: Record<string, string>) => ({
      type: `${type}_output`,
      call_id,
      output: 'Done',
    }));
    const next = await ask({ ...rest, input: [...input, ...output, ...results] });
    assert.equal(next.status, 200, next.text);
    const { messages: talk } = fake.requests.at(-1)?.body ?? {};
    assert.match(JSON.stringify(talk), /"apply_patch","arguments":"{\\"input\\":\\"\*\*\* Begin Patch\\"}"/);
  });

  it('shows what its tool has seen to a provider without responses', async () => {
    const image_url = 'data:image/png;base64,iVBORw0KGgo=';
    const look = {
      type: 'function',
      name: 'view_image',
      strict: false,
      parameters: { type: 'object', properties: {} },
    };
    const seen = [
      { type: 'message', role: 'user', content: said('input_text', 'look at p.png') },
      { type: 'function_call', call_id: 'call_1', name: 'view_image', arguments: '{"path":"p.png"}' },
      { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_image', image_url }] },
    ];
    const reasoning = { effort: 'medium', summary: 'auto' };
    const { status, text } = await ask({ ...request, model: 'gpt-4o', input: seen, tools: [look], reasoning });
    assert.equal(status, 200, text);
    const { messages } = fake.requests.at(-1)?.body ?? {};
    assert.ok(Array.isArray(messages));
    assert.deepEqual(messages.slice(-2), [
      { role: 'tool', tool_call_id: 'call_1', content: '[images]' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '[images of the tool result call_1]' },
          { type: 'image_url', image_url: { url: image_url } },
        ],
      },
    ]);
  });

  it('goes to the provider of a route that can be asked', async () => {
    const { headers } = await ask({ ...request, model: 'chatFirst' });
    assert.equal(headers['x-gateway-provider'], 'whole');
  });

  it('may have what every provider understands answered by any', async () => {
    fake.next({ status: 500 });
    const simple = { model: 'either', input: 'hello there', store: false };
    const { data, response } = await clientOf().responses.create(simple).withResponse();
    assert.equal(response.headers.get('x-gateway-provider'), 'chat');
    assert.equal(data.output_text, 'hello there');
  });

  it('gets the error of its own dialect when an answer breaks off', async () => {
    fake.next({ chunks: 20, cutAt: 3000 });
    const stream = await clientOf().responses.create({ model: 'gpt-5.6', input: 'hi', store: false, stream: true });
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const { type } of stream) seen.push(type);
      },
      (error) => error instanceof OpenAI.APIError,
    );
    assert.deepEqual(seen.slice(0, 2), ['response.created', 'response.in_progress']);
    assert.equal(seen.filter((type) => type === 'response.created').length, 1);
    assert.ok(seen.includes('response.output_text.delta'));
  });

  it("gets the provider's own words on what is wrong with a request", async () => {
    fake.next({ status: 400, code: 'invalid_value', message: 'Bad tool.', param: 'tools[3]' });
    const { status, body } = await ask({ ...request, model: 'gpt-5.6', stream: false });
    assert.equal(status, 400);
    assert.deepEqual(
      [body.error.code, body.error.param, body.error.message],
      ['invalid_value', 'tools[3]', 'Bad tool.'],
    );
  });

  it('is told which result answers no call, where it goes on in a session', async () => {
    const { id } = await clientOf().responses.create({ model: 'gpt-5.6', input: 'hello there' });
    const input = [
      { role: 'developer', content: 'Be brief.' },
      { type: 'function_call_output', call_id: 'call_9', output: 'Done' },
    ];
    const { status, body } = await ask({ model: 'gpt-5.6', input, previous_response_id: id });
    assert.equal(status, 400);
    assert.deepEqual(
      [body.error.param, body.error.message],
      ['input[1].call_id', '`input[1].call_id` must name a call of the answer before it.'],
    );
  });

  it('keeps what is to be kept in a session, in the words that any provider understands', async () => {
    const first = await clientOf().responses.create({ model: 'gpt-5.6', input: 'hello there' });
    assert.equal(fake.requests.at(-1)?.path, '/openai/v1/chat/completions');
    const second = await clientOf().responses.create({
      model: 'gpt-4o',
      input: 'again',
      previous_response_id: first.id,
    });
    assert.match(JSON.stringify(fake.requests.at(-1)?.body.messages), /hello there.*again/);
    assert.equal(second.output_text, 'again');
  });
});
