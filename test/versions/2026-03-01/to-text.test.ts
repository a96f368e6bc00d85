import assert from 'node:assert/strict';
import type { ContractMessage } from '../../../src/handlers/to-message.ts';
import { toText } from '../../../src/versions/2026-03-01/to-text.ts';

const image = { type: 'image', url: 'https://example.com/cat.png' } as const;
const call = { type: 'tool_call', id: 'x', name: 'look', arguments: '{}' } as const;
const result = { type: 'tool_result', toolCallId: 'x', content: 'seen' } as const;

describe('a message as text', () => {
  const cases: [name: string, parts: ContractMessage['parts'], text: string][] = [
    ['of nothing', [], ''],
    ['of one text', [{ type: 'text', text: '你好' }], '你好'],
    [
      'of several texts',
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: '' },
        { type: 'text', text: 'b' },
      ],
      'ab',
    ],
    ['of an image with a description', [{ ...image, description: 'A cat' }], 'A cat'],
    ['of an image without one', [image], ''],
    ['of a tool call alone', [call], ''],
    ['of a tool result alone', [result], ''],
    [
      'of everything',
      [{ type: 'text', text: 'See: ' }, { ...image, description: 'A cat' }, call, result],
      'See: A cat',
    ],
  ];
  for (const [name, parts, text] of cases) {
    it(`${name} is ${JSON.stringify(text)}`, () => assert.equal(toText(parts), text));
  }
});
