import assert from 'node:assert/strict';
import type { Part, Role } from '../../../src/core/message.ts';
import { readsUrl } from '../../../src/providers/ai-sdk/reads-url.ts';
import { toFile, toTaggedFile } from '../../../src/providers/ai-sdk/to-file.ts';
import { toPrompt } from '../../../src/providers/ai-sdk/to-prompt.ts';

type Said = { role: Role; parts: Part[] };
const text = (words: string): Part => ({ type: 'text', text: words });
const call = (words: string): Part => ({ type: 'tool_call', id: 'c1', name: 'look', arguments: words });

describe('messages → the prompt of the AI SDK', () => {
  const rows: [title: string, instructions: string | undefined, messages: Said[], prompt: object[]][] = [
    ['words', undefined, [{ role: 'user', parts: [text('hi')] }], [{ role: 'user', content: [text('hi')] }]],
    ['instructions', 'Be kind.', [], [{ role: 'system', content: 'Be kind.' }]],
    ['no instructions', '', [], []],
    [
      'nothing said',
      undefined,
      [
        { role: 'assistant', parts: [text('')] },
        { role: 'user', parts: [text('')] },
      ],
      [],
    ],
    [
      'a call and its result, before what was said',
      undefined,
      [
        { role: 'assistant', parts: [text('I look.'), call('{"at":"us"}')] },
        { role: 'user', parts: [text('and?'), { type: 'tool_result', toolCallId: 'c1', content: 'blue' }] },
      ],
      [
        {
          role: 'assistant',
          content: [text('I look.'), { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 'us' } }],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'c1', toolName: 'look', output: { type: 'text', value: 'blue' } },
          ],
        },
        { role: 'user', content: [text('and?')] },
      ],
    ],
    [
      'the pictures of a result behind it',
      undefined,
      [
        {
          role: 'user',
          parts: [
            {
              type: 'tool_result',
              toolCallId: 'c1',
              content: 'blue',
              images: [{ type: 'image', data: 'AAAA', mediaType: 'image/png' }],
            },
            text('and?'),
          ],
        },
      ],
      [
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'c1', output: { type: 'text', value: 'blue' } }],
        },
        {
          role: 'user',
          content: [
            text('[images of the tool result c1]'),
            { type: 'file', data: 'AAAA', mediaType: 'image/png' },
            text('and?'),
          ],
        },
      ],
    ],
    [
      'results that failed, of a call that is not there',
      undefined,
      [
        {
          role: 'user',
          parts: [
            { type: 'tool_result', toolCallId: 'c9', content: 'too dark', status: 'failed' },
            { type: 'tool_result', toolCallId: 'c9', content: '', status: 'cancelled' },
          ],
        },
      ],
      [
        {
          role: 'tool',
          content: ['too dark', 'cancelled'].map((value) => ({
            type: 'tool-result',
            toolCallId: 'c9',
            toolName: 'c9',
            output: { type: 'error-text', value },
          })),
        },
      ],
    ],
    ...['', '  '].map((blank): [string, undefined, Said[], object[]] => [
      `a call without arguments (${JSON.stringify(blank)})`,
      undefined,
      [{ role: 'assistant', parts: [call(blank)] }],
      [{ role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: {} }] }],
    ]),
    [
      'a call whose arguments are no object',
      undefined,
      [{ role: 'assistant', parts: [call('[1')] }],
      [
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { arguments: '[1' } }],
        },
      ],
    ],
    [
      'a picture of the assistant’s',
      undefined,
      [{ role: 'assistant', parts: [{ type: 'image', data: 'AA', mediaType: 'image/png', description: 'a cat' }] }],
      [{ role: 'assistant', content: [text('[image: a cat]')] }],
    ],
  ];
  for (const [title, instructions, messages, prompt] of rows)
    it(title, () => assert.deepEqual(toPrompt(instructions, messages, toFile), prompt));
});

describe('an image → a file of the AI SDK', () => {
  const url = 'https://a.example/Cat.png';
  it('by address', () => {
    assert.deepEqual(toFile({ type: 'image', url }), { type: 'file', data: new URL(url), mediaType: 'image/png' });
    assert.deepEqual(toTaggedFile({ type: 'image', url, mediaType: 'image/png' }), {
      type: 'file',
      data: { type: 'url', url: new URL(url) },
      mediaType: 'image/png',
    });
  });

  const kinds: [url: string, mediaType: string][] = [
    ['https://a.example/cat.jpg?size=png', 'image/jpeg'],
    ['https://a.example/cat.webp#top', 'image/webp'],
    ['https://a.example/gif', 'image/*'],
    ['https://a.example/cat.constructor', 'image/*'],
    ['https://a.example/cat.png/', 'image/*'],
  ];
  for (const [named, mediaType] of kinds)
    it(`by the address ${named}`, () => assert.equal(toFile({ type: 'image', url: named }).mediaType, mediaType));

  it('inline', () => {
    const image = { type: 'image', data: 'AA', mediaType: 'image/png' } as const;
    assert.deepEqual(toFile(image), { type: 'file', data: 'AA', mediaType: 'image/png' });
    assert.deepEqual(toTaggedFile(image), {
      type: 'file',
      data: { type: 'data', data: 'AA' },
      mediaType: 'image/png',
    });
  });

  for (const wrong of [{ url: 'cat' }, { data: 'AA' }, { mediaType: 'image/png' as const }, {}])
    it(`not from ${JSON.stringify(wrong)}`, () => {
      for (const make of [toFile, toTaggedFile])
        assert.throws(() => make({ type: 'image', ...wrong }), { kind: 'invalid_request' });
    });
});

describe('what a vendor fetches by itself', () => {
  const rows: [supported: Record<string, RegExp[]>, url: string, reads: boolean][] = [
    [{ 'image/*': [/^https:\/\/.*$/] }, 'https://a.example/x', true],
    [{ 'image/*': [/^https:\/\/.*$/g] }, 'https://a.example/x', true],
    [{ 'image/*': [/^https:\/\/.*$/] }, 'HTTPS://A.EXAMPLE/X', true],
    [{ 'image/*': [/^https:\/\/.*$/] }, 'http://a.example/x', false],
    [{ 'application/pdf': [/.*/] }, 'https://a.example/x', false],
    [{ '*': [/^https:\/\/files\.example\//] }, 'https://files.example/x', true],
    [{ '*/*': [/^gs:/] }, 'gs://bucket/x', true],
    [{ 'image/png': [/^https:/], 'image/*': [] }, 'https://a.example/x', true],
    [{}, 'https://a.example/x', false],
  ];
  for (const [supported, url, reads] of rows)
    it(`${Object.keys(supported)} ${Object.values(supported)} ${url}`, () => {
      // Twice: a pattern may remember where it stopped.
      assert.equal(readsUrl(supported, url), reads);
      assert.equal(readsUrl(supported, url), reads);
    });
});
