/** Requests as Claude Code sends them, member for member, to every type of provider. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { models, type Subject, startSubject, vendors } from '../../support/client-subject.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

type Params = Anthropic.Beta.Messages.MessageCreateParamsNonStreaming;
type Message = Anthropic.Beta.Messages.BetaMessageParam;

const ephemeral = { type: 'ephemeral' } as const;

const betas = [
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
  'prompt-caching-scope-2026-01-05',
  'mid-conversation-system-2026-04-07',
  'effort-2025-11-24',
];

const around = {
  max_tokens: 32_000,
  system: [
    { type: 'text', text: 'You are a coding agent.', cache_control: ephemeral },
    { type: 'text', text: 'Be brief.', cache_control: ephemeral },
  ],
  tools: [
    {
      name: 'Bash',
      description: 'Runs a command.',
      input_schema: {
        type: 'object',
        properties: { command: { type: 'string' } },
        required: ['command'],
        additionalProperties: false,
      },
    },
  ],
  metadata: { user_id: '{"device_id":"d","session_id":"s"}' },
  thinking: { type: 'adaptive' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  output_config: { effort: 'high' },
} satisfies Partial<Params>;

const question: Message[] = [
  {
    role: 'user',
    content: [
      { type: 'text', text: '<system-reminder>Today is Monday.</system-reminder>' },
      { type: 'text', text: 'What is here?', cache_control: ephemeral },
    ],
  },
  { role: 'system', content: 'Speak of files only.' },
];

describe('Claude Code', () => {
  let subject: Subject;
  let packaged: TestGateway;
  before(async () => {
    subject = await startSubject();
    packaged = await startGateway({
      settings: {
        providers: {
          thinking: {
            type: 'ai-sdk',
            package: '@ai-sdk/openai',
            models: ['gpt-5.6'],
            settings: { apiKey: 'sk-upstream', baseURL: `${new URL(subject.fake.openaiUrl).origin}/openai/v1` },
          },
        },
      },
    });
  });
  after(async () => {
    await packaged.close();
    await subject.close();
  });

  const asked = () => subject.fake.requests.at(-1)?.body ?? assert.fail('nobody was asked');
  const clientOf = ({ adminKey, url }: TestGateway) =>
    new Anthropic({ apiKey: adminKey, baseURL: url, maxRetries: 0 }).beta.messages;

  const places = [
    ...vendors.map((type) => ({ type, model: models[type] as string, gateway: () => subject.gateway })),
    { type: 'ai-sdk', model: 'gpt-5.6', gateway: () => packaged },
  ];
  for (const { type, model, gateway } of places) {
    it(`calls tools and goes on from their results, with ${type}`, async () => {
      const messages = clientOf(gateway());
      subject.fake.next({ text: 'Let me look.', toolCalls: [{ name: 'Bash', arguments: '{"command":"ls"}' }] });
      const first = await messages.stream({ ...around, model, betas, messages: question }).finalMessage();
      assert.equal(first.stop_reason, 'tool_use');
      const call = first.content.find((block) => block.type === 'tool_use') ?? assert.fail('no call');
      assert.deepEqual([call.name, call.input], ['Bash', { command: 'ls' }]);
      assert.match(JSON.stringify(asked()), /coding agent/);
      assert.match(JSON.stringify(asked()), /Speak of files only/);

      const thought = { type: 'thinking', thinking: 'Files, then.', signature: 'c2ln' } as const;
      const talk: Message[] = [
        ...question,
        { role: 'assistant', content: [thought, ...first.content] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: call.id, content: 'README.md', is_error: false }],
        },
      ];
      subject.fake.next({ text: 'One file.' });
      const second = await messages.stream({ ...around, model, betas, messages: talk }).finalMessage();
      assert.deepEqual(
        second.content.map((block) => (block.type === 'text' ? block.text : block.type)),
        ['One file.'],
      );
      assert.match(JSON.stringify(asked()), /What is here\?.*Let me look\..*README\.md/);
      assert.equal(JSON.stringify(asked()).includes('Files, then.'), type === 'anthropic');
    });

    it(`shows what a tool has read of a picture, with ${type}`, async () => {
      const data = 'iVBORw0KGgo=';
      const talk: Message[] = [
        ...question,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: { file: 'p.png' } }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }],
            },
          ],
        },
      ];
      subject.fake.next({ text: 'A red square.' });
      const answer = await clientOf(gateway())
        .stream({ ...around, model, betas, messages: talk })
        .finalMessage();
      assert.equal(answer.stop_reason, 'end_turn');
      assert.ok(JSON.stringify(asked()).includes(data));
    });

    it(`has its tokens counted, with ${type}`, async () => {
      const { max_tokens: _bound, metadata: _user, ...counted } = around;
      const { input_tokens } = await clientOf(gateway()).countTokens({ ...counted, model, betas, messages: question });
      assert.ok(input_tokens > 0);
    });
  }

  it('has its effort told to whoever has the word, and its bytes to a provider of its own words', async () => {
    const messages = clientOf(subject.gateway);
    await messages.stream({ ...around, model: models.openai, betas, messages: question }).finalMessage();
    assert.equal(asked().reasoning_effort, 'high');
    await messages.stream({ ...around, model: models.anthropic, betas, messages: question }).finalMessage();
    const { thinking, context_management, messages: sent } = asked();
    assert.deepEqual(
      { thinking, context_management, messages: sent },
      { thinking: around.thinking, context_management: around.context_management, messages: question },
    );
  });

  it('does not notice that its provider fails where a route has another', async () => {
    const thought = { type: 'redacted_thinking', data: 'c2VhbGVk' } as const;
    const talk: Message[] = [
      ...question,
      { role: 'assistant', content: [thought, { type: 'text', text: 'Files.' }] },
      { role: 'user', content: 'Which?' },
    ];
    subject.fake.next({ status: 500 });
    const stream = clientOf(subject.gateway).stream({ ...around, model: 'any', betas, messages: talk });
    const { response } = await stream.withResponse();
    assert.equal(response.headers.get('x-gateway-provider'), 'chat');
    const { content } = await stream.finalMessage();
    assert.deepEqual(
      content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['Which?'],
    );
  });

  const refused: [param: string, wanted: Partial<Params>][] = [
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 4096 } }],
    ['context_management.edits.0.type', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
  ];
  for (const [param, wanted] of refused) {
    it(`is told that there is no ${param} with a provider of other words`, async () => {
      const before = subject.fake.requests.length;
      const wish = { ...around, ...wanted, model: models.openai, messages: question };
      const asking = clientOf(subject.gateway).stream(wish).finalMessage();
      await assert.rejects(asking, (error) => {
        assert.ok(error instanceof Anthropic.BadRequestError, String(error));
        assert.match(error.message, new RegExp(`${param.replaceAll('.', '\\.')}: is not something`));
        return true;
      });
      assert.equal(subject.fake.requests.length, before);
    });
  }
});
