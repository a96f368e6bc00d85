import assert from 'node:assert/strict';
import { createOpenAiProvider } from '../../../src/providers/openai/index.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { bodyOf, forward, forwardOf } from '../forwards.ts';
import { wireOptions } from '../wires.ts';

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const known = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
const chunk = (changes: object) =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...changes })}\n\n`;
const delta = (said: object, finish: string | null = null) => [{ index: 0, delta: said, finish_reason: finish }];
const role = chunk({ choices: delta({ role: 'assistant', content: '' }), usage: null });
const text = chunk({ choices: delta({ content: 'hi "usage":{} [DONE]' }), usage: null });
const stop = chunk({ choices: delta({}, 'stop'), usage: null });
const counts = chunk({ choices: [], usage });
const done = 'data: [DONE]\n\n';

describe('a stream of chat chunks that is handed on', () => {
  let fake: FakeProvider;
  before(async () => {
    fake = await startFakeProvider();
  });
  after(() => fake.close());

  async function play(body: string, { wantsUsage = false, splitBytes = 100_000 } = {}) {
    const provider = createOpenAiProvider(wireOptions(fake));
    fake.next({ body, splitBytes });
    const answer = await forward(provider, forwardOf('openai', bodyOf('hello', { stream: true }), { wantsUsage }));
    await provider.close();
    return answer;
  }

  const filters = chunk({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] });
  const withStop = chunk({ choices: delta({}, 'length'), usage });
  const everywhere = [role, text, stop].map((one) => one.replace('"usage":null', `"usage":${JSON.stringify(usage)}`));
  const rows: [title: string, wantsUsage: boolean, sent: string[], want: string[], reason: string | undefined][] = [
    [
      'loses the counts that only we asked for',
      false,
      [role, text, stop, counts, done],
      [role, text, stop, done],
      'stop',
    ],
    [
      'keeps the counts that its client asked for',
      true,
      [role, text, stop, counts, done],
      [role, text, stop, counts, done],
      'stop',
    ],
    [
      'keeps counts beside the last content',
      false,
      [role, text, withStop, done],
      [role, text, withStop, done],
      'length',
    ],
    ['keeps counts on every chunk', false, [...everywhere, counts, done], [...everywhere, done], 'stop'],
    [
      'keeps a chunk without choices that has no counts',
      false,
      [filters, role, text, stop, counts, done],
      [filters, role, text, stop, done],
      'stop',
    ],
    [
      'loses the counts also of a server that does not say when it is done',
      false,
      [role, text, stop, counts],
      [role, text, stop],
      'stop',
    ],
    ['may give no reason', false, [role, text, counts, done], [role, text, done], undefined],
  ];
  for (const [title, wantsUsage, sent, want, reason] of rows)
    for (const splitBytes of [3, 100_000])
      it(`${title}, read ${splitBytes} at a time`, async () => {
        const answer = await play(sent.join(''), { wantsUsage, splitBytes });
        assert.equal(answer.error, undefined);
        assert.equal(answer.text, want.join(''));
        assert.deepEqual(answer.finish, { ...(reason ? { reason } : {}), usage: known });
      });

  it('is told to count by the provider that it goes to', async () => {
    const provider = createOpenAiProvider(wireOptions(fake));
    const answer = await forward(provider, forwardOf('openai', bodyOf('one two three', { stream: true })));
    assert.deepEqual(fake.requests.at(-1)?.body.stream_options, { include_usage: true });
    assert.ok(answer.finish?.usage && answer.finish.usage.outputTokens > 0);
    assert.ok(!answer.text.includes('prompt_tokens'));
    assert.match(answer.text, /data: \[DONE\]\n\n$/);
    await provider.close();
  });

  for (const [title, said] of [
    ['text', { content: 'x' }],
    ['a refusal', { refusal: 'no' }],
    ['thoughts', { reasoning_content: 'hm' }],
    ['a tool', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }],
  ] as const)
    it(`begins with ${title}, and what comes before goes with it`, async () => {
      const first = chunk({ choices: delta({ role: 'assistant', ...said }) });
      const { batches, error } = await play(`${role}${first}data: {"error":{"message":"m"}}\n\n`, { splitBytes: 50 });
      assert.ok(error);
      assert.equal(batches[0]?.bytes.toString(), `${role}${first}`);
    });

  it('fails with the reasons that are failures', async () => {
    const { error, text: said } = await play([role, text, chunk({ choices: delta({}, 'error') }), done].join(''));
    assert.match(String(error), /reported an error/);
    assert.equal(said, `${role}${text}`);
  });

  it('embeddings are handed on with what they cost', async () => {
    const provider = createOpenAiProvider(wireOptions(fake));
    const call = forwardOf('openai', { model: 'x', input: ['one', 'twenty two'] }, { dialect: 'embeddings' });
    const { text: answer, finish } = await forward(provider, call);
    assert.equal(fake.requests.at(-1)?.path, '/v1/embeddings');
    assert.equal(JSON.parse(answer).data.length, 2);
    assert.deepEqual(finish, { usage: { inputTokens: 4, outputTokens: 0, totalTokens: 4 } });
    await provider.close();
  });
});
