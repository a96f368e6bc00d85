import assert from 'node:assert/strict';
import type { ChatRequest } from '../../src/core/run.ts';
import { type ContractChatRequest, fromChatRequest } from '../../src/handlers/from-chat-request.ts';
import { fromPageQuery, toPage } from '../../src/handlers/page.ts';

describe('what the newest contract asks, as the core has it:', () => {
  const input: ContractChatRequest['input'] = [{ type: 'text', text: 'hi' }];
  const requests: [name: string, body: ContractChatRequest, stream: boolean, want: ChatRequest][] = [
    ['the least', { input }, false, { input, channel: 'api', stream: false }],
    ['the least on a transport that streams', { input }, true, { input, channel: 'api', stream: true }],
    ['a stream where none is the default', { input, stream: true }, false, { input, channel: 'api', stream: true }],
    ['no stream where one is the default', { input, stream: false }, true, { input, channel: 'api', stream: false }],
    [
      'everything',
      { input, channel: 'telegram', sessionId: 's', seed: 0, temperature: 0, resumable: true, metadata: {} },
      false,
      {
        input,
        channel: 'telegram',
        sessionId: 's',
        seed: 0,
        temperature: 0,
        resumable: true,
        metadata: {},
        stream: false,
      },
    ],
  ];
  for (const [name, body, stream, want] of requests) {
    it(`a chat request with ${name}`, () => assert.deepEqual(fromChatRequest(body, { stream }), want));
  }

  const queries: [query: { limit?: number; cursor?: string } | undefined, want: object][] = [
    [undefined, { limit: 100 }],
    [{}, { limit: 100 }],
    [{ limit: 1 }, { limit: 1 }],
    [{ cursor: 'x' }, { limit: 100, cursor: 'x' }],
  ];
  for (const [query, want] of queries) {
    it(`a page of ${JSON.stringify(query)}`, () => assert.deepEqual(fromPageQuery(query), want));
  }

  it('a page of mapped items, with its cursor', () => {
    assert.deepEqual(toPage({ items: [1, 2], nextCursor: 'x' }, String), { items: ['1', '2'], nextCursor: 'x' });
    assert.deepEqual(toPage({ items: [] }, String), { items: [] });
  });
});
