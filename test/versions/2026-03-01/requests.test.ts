import assert from 'node:assert/strict';
import { version20260301 } from '../../../src/versions/2026-03-01/index.ts';

describe('a request of 2026-03-01', () => {
  const input = [{ type: 'text', text: '你好' }];
  const cases: [name: string, body: object, want: object][] = [
    [
      'to chat, as in the source',
      { channel: 'api', message: '你好', sessionId: 'session-123', stream: false },
      { channel: 'api', input, sessionId: 'session-123', stream: false },
    ],
    ['to chat with nothing optional', { channel: 'api', message: '你好' }, { channel: 'api', input }],
    [
      'to chat with a model',
      { channel: 'api', message: '你好', model: 'gpt-4o', stream: true },
      { channel: 'api', input, model: 'gpt-4o', stream: true },
    ],
  ];
  for (const [name, body, want] of cases) {
    it(name, () => {
      assert.deepEqual(version20260301.request('createChat', body), want);
      const { message, ...rest } = { message: '', ...body };
      assert.deepEqual(version20260301.frames.request({ ...rest, content: message }), want, 'and as a frame');
    });
  }

  for (const operation of ['changeSession', 'createKey', 'rotateKey'] as const) {
    it(`to ${operation} is the newest already`, () => {
      const body = { message: 'not a chat' };
      assert.equal(version20260301.request(operation, body), body);
    });
  }
});
