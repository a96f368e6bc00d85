import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import { createEchoProvider } from '../../../src/providers/echo/index.ts';
import { splitText } from '../../../src/providers/echo/split-into-chunks.ts';
import { callOf, gather, textIn } from '../wires.ts';

const echo = createEchoProvider({ name: 'echo' });
const never = new AbortController().signal;

describe('echo', () => {
  const table: [title: string, call: Partial<ProviderCall>, text: string, reason?: string][] = [
    ['nothing', { messages: [{ role: 'user', parts: [] }] }, 'Nothing was said, so there is nothing to echo.'],
    ['nobody', { messages: [] }, 'Nothing was said, so there is nothing to echo.'],
    ['blanks', said(' \n '), 'Nothing was said, so there is nothing to echo.'],
    ['one character', said('a'), 'a.'],
    ['one character of many code points', said('👩‍👩‍👧‍👦'), '👩‍👩‍👧‍👦.'],
    [
      'the last of the user only',
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'first' }] },
          { role: 'user', parts: [{ type: 'text', text: 'second' }] },
          { role: 'assistant', parts: [{ type: 'text', text: 'third' }] },
        ],
      },
      'second',
    ],
    [
      'pictures and results',
      {
        messages: [
          {
            role: 'user',
            parts: [
              {
                type: 'tool_result',
                toolCallId: 'a',
                content: '22 °C',
                images: [{ type: 'image', url: 'https://example.com/sky.png' }],
              },
              { type: 'text', text: 'look' },
              { type: 'image', url: 'https://example.com/a.png' },
            ],
          },
        ],
      },
      '22 °C\n[image]\nlook\n[image]',
    ],
    ['up to a stop', { ...said('one two three'), stop: ['three', 'two'] }, 'one '],
    ['no stop', { ...said('one two three'), stop: ['four'] }, 'one two three'],
    ['as much as it may', { ...said('one two three'), maxOutputTokens: 2 }, 'one two ', 'length'],
    ['exactly as much as it may', { ...said('12345678'), maxOutputTokens: 2 }, '12345678'],
    ['no half characters', { ...said('é👩‍🚀!'), maxOutputTokens: 1 }, 'é', 'length'],
    ['JSON', { ...said('say "hi"'), responseFormat: { type: 'json' } }, '{"echo":"say \\"hi\\""}'],
    ['plain text', { ...said('hi'), responseFormat: { type: 'text' } }, 'hi'],
    ['whatever the sampling', { ...said('hi'), temperature: 2, topP: 0.1, seed: 7 }, 'hi'],
    [
      'text where a tool may be called',
      { ...said('hi'), tools: [{ name: 'go', parameters: {} }], toolChoice: 'auto' },
      'hi',
    ],
  ];
  for (const [title, call, text, reason = 'stop'] of table)
    for (const stream of [true, false])
      it(`says ${title}, ${stream ? 'stream' : 'whole'}`, async () => {
        const { events } = await gather(echo.call(callOf('', { ...call, stream }), never));
        assert.equal(textIn(events), text);
        const last = events.at(-1);
        assert.equal(last?.type === 'finish' && last.reason, reason);
      });

  it('is the same every time', async () => {
    const call = callOf('The same, always.');
    assert.deepEqual(await gather(echo.call(call, never)), await gather(echo.call(call, never)));
  });

  it('counts as the core does where nobody else counts', async () => {
    const call = callOf('12345678', { instructions: '1234', stream: false });
    assert.deepEqual((await gather(echo.call(call, never))).events.at(-1), {
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5, estimated: true },
    });
  });

  it('calls the tool that it must, with an id of its own in the conversation', async () => {
    const tools = [
      { name: 'look', parameters: {} },
      { name: 'go', parameters: {} },
    ];
    const call = callOf('hi', { tools, toolChoice: { name: 'go' }, stream: false });
    assert.deepEqual((await gather(echo.call(call, never))).events[0], {
      type: 'tool_call',
      index: 0,
      id: 'call_echo_1',
      name: 'go',
      arguments: '{}',
    });
  });

  for (const [title, parameters, want] of [
    ['what was said', { properties: { at: { type: 'string' } } }, { at: 'hi' }],
    ['what the schema wants', { properties: { n: { type: 'integer', minimum: 3 } }, required: ['n'] }, { n: 3 }],
    ['nothing where it finds nothing', { properties: { a: { type: 'string', pattern: '^x' } }, required: ['a'] }, {}],
  ] as const)
    it(`calls it with ${title}`, async () => {
      const tools = [{ name: 'go', parameters }];
      const { events } = await gather(echo.call(callOf('hi', { tools, toolChoice: 'required', stream: false }), never));
      assert.ok(events[0]?.type === 'tool_call');
      assert.deepEqual(JSON.parse(events[0].arguments), want);
    });

  for (const toolChoice of ['required', { name: 'go' }] as const)
    it(`refuses to call a tool that there is not: ${JSON.stringify(toolChoice)}`, async () => {
      const answer = echo.call(callOf('hi', { toolChoice }), never)[Symbol.asyncIterator]();
      await assert.rejects(answer.next(), { name: 'ProviderError', kind: 'invalid_request' });
    });

  it('goes by the names it was given', () => {
    assert.deepEqual(echo.models, ['echo']);
    assert.deepEqual(createEchoProvider({ name: 'a', models: ['b', 'c'] }).models, ['b', 'c']);
  });

  it('lets others go first between two chunks', async () => {
    let turns = 0;
    const count = () => {
      turns++;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    await gather(echo.call(callOf('one two three four five'), never));
    assert.ok(turns >= 5 && turns < 1000);
  });

  describe('splits its text', () => {
    for (const [text, chunks] of [
      ['Hello, big world!', ['Hello, ', 'big ', 'world!']],
      ['(well) then', ['(well) ', 'then']],
      ['word', ['w', 'ord']],
      ['é', ['é']],
      ['!?', ['!', '?']],
      ['東京都', ['東京', '都']],
      ['👩‍🚀👍', ['👩‍🚀', '👍']],
    ] as const)
      it(JSON.stringify(text), () => {
        assert.deepEqual(splitText(text), chunks);
      });

    it('into chunks that put together are the same, none of them empty', () => {
      fc.assert(
        fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
          const chunks = splitText(text);
          assert.equal(chunks.join(''), text);
          assert.ok(chunks.every((chunk) => chunk !== ''));
        }),
      );
    });

    it('into two at least, whatever is said', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
          const { events } = await gather(echo.call(callOf(text), never));
          assert.ok(events.length >= 3);
        }),
      );
    });
  });
});

function said(text: string): Partial<ProviderCall> {
  return { messages: [{ role: 'user', parts: [{ type: 'text', text }] }] };
}
