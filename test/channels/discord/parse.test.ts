import assert from 'node:assert/strict';
import { acknowledge, apologize } from '../../../src/channels/discord/acknowledge.ts';
import { handshake } from '../../../src/channels/discord/handshake.ts';
import { parse } from '../../../src/channels/discord/parse.ts';
import { readPrivateKey, signBody } from '../../../src/channels/discord/sign.ts';
import type { InboundEvent, RawWebhook } from '../../../src/core/ports/channel.ts';
import { ed25519Vectors } from '../vectors.ts';
import { applicationId, snowflake } from './subject.ts';

const at = Date.UTC(2026, 10, 22);
const id = snowflake(at);
const key = readPrivateKey(ed25519Vectors[0].seed);
const user = { id: '7', username: 'ann', global_name: 'Ann' };
const base = {
  id,
  application_id: applicationId,
  type: 2,
  token: 'tok',
  channel_id: '5',
  guild_id: '9',
  member: { user },
};
const command = (data: object) => ({ ...base, data: { type: 1, name: 'ask', ...data } });

const webhookOf = (interaction: object): RawWebhook => signBody(JSON.stringify(interaction), at + 500, key);
function read(interaction: object): InboundEvent {
  const [event] = parse(webhookOf(interaction), applicationId);
  return event ?? assert.fail('no event');
}
const answerTo = (interaction: object) => JSON.parse(acknowledge([read(interaction)]).body ?? 'null');

describe('discord: what an interaction means', () => {
  it('a command in a guild', () => {
    assert.deepEqual(read(command({ options: [{ name: 'text', type: 3, value: 'Hello' }] })), {
      kind: 'message',
      id,
      dedupeKeys: [`${applicationId}:interaction:${id}`],
      conversation: '5',
      conversationKind: 'group',
      sender: { id: '7', name: 'Ann', isBot: false, isSelf: false },
      text: 'Hello',
      occurredAt: at,
      target: { address: { application: applicationId, token: 'tok', tokenUntil: String(at + 900_000), channel: '5' } },
    });
  });

  const { member: _, guild_id: __, ...elsewhere } = command({ options: [{ type: 3, value: 'Hello' }] });
  for (const [where, more, kind] of [
    ['with the bot alone', { user, context: 1 }, 'direct'],
    ['with the bot alone, told by an older server', { user, channel: { type: 1 } }, 'direct'],
    ['among friends', { user, context: 2, channel: { type: 3 } }, 'group'],
    ['among friends, told by an older server', { user, channel: { type: 3 } }, 'group'],
    ['in a guild', { member: { user }, guild_id: '9', context: 0 }, 'group'],
  ] as const) {
    it(`is ${kind} ${where}`, () => assert.equal(read({ ...elsewhere, ...more }).conversationKind, kind));
  }

  it('a thread is a conversation of its own, in the group of its channel', () => {
    const said = command({ options: [{ type: 3, value: 'Hello' }] });
    const { conversation, group } = read({ ...said, channel: { id: '5', type: 11, parent_id: '4' } });
    assert.deepEqual([conversation, group], ['5', '4']);
    assert.equal(read({ ...said, channel: { id: '5', type: 0, parent_id: 'a category' } }).group, undefined);
  });

  it("ends with its token where the bot is not, and goes on by the bot's where it is", () => {
    const said = command({ options: [{ type: 3, value: 'Hello' }] });
    const there = [
      {},
      { authorizing_integration_owners: { 0: '9' } },
      { context: 1, authorizing_integration_owners: { 0: '0' } },
    ];
    const notThere = [{ context: 2 }, { authorizing_integration_owners: { 1: '7' } }];
    for (const more of there) assert.equal(read({ ...said, ...more }).target.expiresAt, undefined);
    for (const more of notThere) {
      const { expiresAt, address } = read({ ...said, ...more }).target;
      assert.deepEqual([expiresAt, address.channel], [at + 900_000, undefined]);
    }
  });

  for (const [what, interaction, text] of [
    [
      'a command with several options',
      command({ options: [{ value: 'one' }, { value: 2 }, { value: true }] }),
      'one\n2\ntrue',
    ],
    [
      'a command in a command',
      command({ options: [{ type: 2, options: [{ type: 1, options: [{ value: 'deep' }] }] }] }),
      'deep',
    ],
    ['a command without words', command({}), '/ask'],
    [
      'a command on a message',
      command({ type: 3, target_id: '4', resolved: { messages: { 4: { content: 'that one' } } } }),
      'that one',
    ],
    ['a button', { ...base, type: 3, data: { component_type: 2, custom_id: 'yes' } }, 'yes'],
    ['a menu', { ...base, type: 3, data: { component_type: 3, custom_id: 'm', values: ['a', 'b'] } }, 'a\nb'],
    [
      'a form in rows',
      {
        ...base,
        type: 5,
        data: { components: [{ components: [{ value: 'one' }] }, { components: [{ value: ' ' }, { value: 'two' }] }] },
      },
      'one\ntwo',
    ],
    [
      'a form with labels',
      { ...base, type: 5, data: { components: [{ type: 18, component: { value: 'one' } }] } },
      'one',
    ],
  ] as const) {
    it(`${what} says ${JSON.stringify(text)} and is deferred`, () => {
      assert.deepEqual([read(interaction).kind, read(interaction).text], ['message', text]);
      assert.deepEqual(answerTo(interaction), { type: 5 });
    });
  }

  for (const [what, interaction] of [
    ['a command on a user', command({ type: 2, target_id: '4' })],
    [
      'a command on a message without words',
      command({ type: 3, target_id: '4', resolved: { messages: { 4: { content: '' } } } }),
    ],
    ['an empty form', { ...base, type: 5, data: { components: [] } }],
    ['a kind that is not known', { ...base, type: 99 }],
  ] as const) {
    it(`${what} is answered at once, to who asked`, () => {
      assert.equal(read(interaction).kind, 'ignored');
      const { type, data } = answerTo(interaction);
      assert.deepEqual([type, data.flags], [4, 64]);
    });
  }

  it('answers a ping with a pong, and suggestions with none', () => {
    const bodyOf = (interaction: object) => JSON.parse(handshake(webhookOf(interaction))?.body ?? 'null');
    assert.deepEqual(bodyOf({ ...base, type: 1 }), { type: 1 });
    assert.deepEqual(bodyOf({ ...base, type: 4, data: { name: 'ask' } }), { type: 8, data: { choices: [] } });
    assert.equal(handshake(webhookOf({ ...base, type: 1 }))?.contentType, 'application/json');
    assert.equal(handshake(webhookOf(command({}))), undefined);
  });

  it('takes events about the application for what they are', () => {
    assert.deepEqual(handshake(webhookOf({ version: 1, application_id: applicationId, type: 0 })), { status: 204 });
    const event = { version: 1, application_id: applicationId, type: 1, event: { type: 'APPLICATION_AUTHORIZED' } };
    assert.equal(handshake(webhookOf(event)), undefined);
    assert.equal(read(event).kind, 'ignored');
    assert.deepEqual(acknowledge([read(event)]), { status: 204 });
  });

  it('asks to try again when it could not be stored, to who asked', () => {
    const { type, data } = JSON.parse(apologize().body ?? '');
    assert.deepEqual([type, data.flags], [4, 64]);
    assert.match(data.content, /try again/i);
  });
});
