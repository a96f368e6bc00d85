import assert from 'node:assert/strict';
import { acknowledge } from '../../../src/channels/telegram/acknowledge.ts';
import { parse } from '../../../src/channels/telegram/parse.ts';
import { signBody } from '../../../src/channels/telegram/sign.ts';
import type { InboundEvent } from '../../../src/core/ports/channel.ts';

const ann = { id: 7, is_bot: false, first_name: 'Ann', last_name: 'Lee' };
const group = { id: -100, type: 'supergroup', title: 'Friends' };
const base = { message_id: 3, date: 1_700_000_000, text: 'Hello' };

function read(update: object): InboundEvent {
  const [event] = parse(signBody(JSON.stringify({ update_id: 41, ...update }), 1_700_000_001_000, 's'), '99');
  return event ?? assert.fail('no event');
}

describe('telegram: what an update means', () => {
  it('a message in a private chat', () => {
    assert.deepEqual(read({ message: { ...base, chat: { id: 7, type: 'private' }, from: ann } }), {
      kind: 'message',
      id: '41',
      dedupeKeys: ['99:update:41', '99:message:7:3'],
      conversation: '7',
      conversationKind: 'direct',
      sender: { id: '7', name: 'Ann Lee', isBot: false, isSelf: false },
      text: 'Hello',
      occurredAt: 1_700_000_000_000,
      target: { address: { chat: '7' } },
    });
  });

  it('a message in a topic, which is a conversation of its own', () => {
    const event = read({
      message: { ...base, chat: group, from: ann, is_topic_message: true, message_thread_id: 5 },
    });
    assert.deepEqual([event.conversation, event.conversationKind, event.group], ['-100:5', 'group', '-100']);
    assert.deepEqual(event.target, { address: { chat: '-100', topic: '5', replyTo: '3' } });
  });

  it('a reply in a group without topics, which is in the group', () => {
    const { conversation, target } = read({ message: { ...base, chat: group, from: ann, message_thread_id: 2 } });
    assert.equal(conversation, '-100');
    assert.deepEqual(target, { address: { chat: '-100', replyTo: '3' } });
  });

  it('a picture with a caption', () => {
    assert.equal(read({ message: { ...base, text: undefined, caption: 'Look', chat: group, from: ann } }).text, 'Look');
  });

  it('a post in a channel, by the channel', () => {
    const event = read({ channel_post: { ...base, chat: { id: -200, type: 'channel', title: 'News' } } });
    assert.deepEqual(event.sender, { id: '-200', name: 'News', isBot: false, isSelf: false });
    assert.deepEqual([event.kind, event.conversationKind], ['message', 'group']);
  });

  it("a group's anonymous administrator, who is no bot", () => {
    const from = { id: 1_087_968_824, is_bot: true, first_name: 'Group' };
    assert.deepEqual(read({ message: { ...base, chat: group, from, sender_chat: group } }).sender, {
      id: '-100',
      name: 'Friends',
      isBot: false,
      isSelf: false,
    });
  });

  it('somebody who writes as another channel, who may be one', () => {
    const from = { id: 136_817_688, is_bot: true, first_name: 'Channel' };
    const sender_chat = { id: -200, type: 'channel', title: 'News' };
    assert.equal(read({ message: { ...base, chat: group, from, sender_chat } }).sender.isBot, true);
  });

  it('the copy of our own post in its discussion group: ignored', () => {
    const message = { ...base, chat: group, sender_chat: { id: -200, title: 'News' }, is_automatic_forward: true };
    assert.equal(read({ message }).kind, 'ignored');
  });

  it('a button that was pressed', () => {
    const message = { message_id: 8, date: 0, chat: group, is_topic_message: true, message_thread_id: 5 };
    const event = read({ callback_query: { id: '900', from: ann, message, data: 'yes' } });
    assert.deepEqual([event.text, event.conversation], ['yes', '-100:5']);
    assert.deepEqual(event.dedupeKeys, ['99:update:41', '99:callback:900']);
    assert.deepEqual(event.target, { address: { chat: '-100', topic: '5', callbackQuery: '900' } });
    assert.deepEqual(JSON.parse(acknowledge([event]).body ?? ''), {
      method: 'answerCallbackQuery',
      callback_query_id: '900',
    });
  });

  for (const kind of [
    'edited_message',
    'edited_channel_post',
    'business_message',
    'message_reaction',
    'poll',
    'new_thing',
  ]) {
    it(`${kind}: ignored, under the keys of its update only`, () => {
      const event = read({ [kind]: { ...base, chat: group, from: ann } });
      assert.deepEqual(
        [event.kind, event.reason, event.dedupeKeys],
        ['ignored', `an update of kind ${kind}`, ['99:update:41']],
      );
    });
  }
});
