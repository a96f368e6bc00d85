import assert from 'node:assert/strict';
import { parse } from '../../../src/channels/webhook/parse.ts';
import { signBody } from '../../../src/channels/webhook/sign.ts';
import type { InboundEvent } from '../../../src/core/ports/channel.ts';
import { secrets } from './subject.ts';

const data = { conversation: '42', sender: { id: '7', name: 'Ann' }, text: 'Hello' };

function read(payload: object): InboundEvent {
  const [event] = parse(signBody(JSON.stringify(payload), 1_700_000_000_000, secrets.now, 'msg_1'));
  return event ?? assert.fail('no event');
}

describe('webhook: what a payload means', () => {
  it('a message', () => {
    assert.deepEqual(read({ type: 'message', timestamp: '2026-11-22T12:00:00.5Z', data }), {
      kind: 'message',
      id: 'msg_1',
      dedupeKeys: ['id:msg_1'],
      conversation: '42',
      conversationKind: 'direct',
      sender: { id: '7', name: 'Ann', isBot: false, isSelf: false },
      text: 'Hello',
      occurredAt: Date.UTC(2026, 10, 22, 12, 0, 0, 500),
      target: { address: { conversation: '42', inReplyTo: 'msg_1' } },
    });
  });

  it('a message in a group, by a bot, with as little as there has to be', () => {
    const { conversationKind } = read({ type: 'message', data: { ...data, kind: 'group' } });
    assert.equal(conversationKind, 'group');
    assert.equal(read({ type: 'message', data: { ...data, sender: { id: 7, bot: true } } }).sender.isBot, true);
    const { sender, conversation, occurredAt } = read({
      type: 'message',
      data: { conversation: 42, sender: '7', text: 'x' },
    });
    assert.deepEqual([sender, conversation, occurredAt], [{ id: '7', isBot: false, isSelf: false }, '42', undefined]);
  });

  for (const [what, payload] of [
    ['another type', { type: 'user.created', data }],
    ['no type', { data }],
    ['no data', { type: 'message' }],
    ['no text', { type: 'message', data: { ...data, text: ' ' } }],
    ['no sender', { type: 'message', data: { ...data, sender: {} } }],
    ['a sender without end', { type: 'message', data: { ...data, sender: 'x'.repeat(257) } }],
    ['no conversation', { type: 'message', data: { ...data, conversation: '' } }],
  ] as const) {
    it(`${what}: ignored, and known when it comes again`, () => {
      const { kind, reason, dedupeKeys } = read(payload);
      assert.deepEqual([kind, dedupeKeys], ['ignored', ['id:msg_1']]);
      assert.ok(reason);
    });
  }
});
