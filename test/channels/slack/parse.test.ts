import assert from 'node:assert/strict';
import { handshake } from '../../../src/channels/slack/handshake.ts';
import { parse } from '../../../src/channels/slack/parse.ts';
import { signBody } from '../../../src/channels/slack/sign.ts';
import type { InboundEvent, RawWebhook } from '../../../src/core/ports/channel.ts';

const at = 1_700_000_001_000;
const hooks = ['https://hooks.slack.com'];
const form = 'application/x-www-form-urlencoded';

function only(webhook: RawWebhook): InboundEvent {
  const [event, ...more] = parse(webhook, hooks);
  assert.deepEqual(more, []);
  return event ?? assert.fail('no event');
}

const readEvent = (event: object) =>
  only(
    signBody(
      JSON.stringify({
        type: 'event_callback',
        event_id: 'Ev1',
        team_id: 'T1',
        api_app_id: 'A1',
        authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }],
        event: {
          type: 'message',
          channel: 'C1',
          channel_type: 'channel',
          user: 'U7',
          ts: '1700000000.000100',
          text: 'Hello',
          ...event,
        },
      }),
      at,
      's',
    ),
  );
const command = (fields: Record<string, string>) =>
  signBody(
    new URLSearchParams({
      command: '/ask',
      trigger_id: '1.2.3',
      channel_id: 'C1',
      user_id: 'U7',
      ...fields,
    }).toString(),
    at,
    's',
    form,
  );
const interaction = (payload: object) =>
  signBody(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), at, 's', form);

describe('slack: what an event means', () => {
  it('a message in a channel begins a thread', () => {
    assert.deepEqual(readEvent({}), {
      kind: 'message',
      id: 'Ev1',
      dedupeKeys: ['event:Ev1', 'message:C1:1700000000.000100'],
      conversation: 'C1:1700000000.000100',
      conversationKind: 'group',
      group: 'C1',
      sender: { id: 'U7', isBot: false, isSelf: false },
      text: 'Hello',
      occurredAt: 1_700_000_000_000,
      target: { address: { channel: 'C1', thread: '1700000000.000100' } },
    });
  });

  for (const [what, event, conversation] of [
    ['a message in a thread', { thread_ts: '1600000000.000100' }, 'C1:1600000000.000100'],
    ['a direct message', { channel: 'D1', channel_type: 'im' }, 'D1'],
    ['a direct message in a thread', { channel: 'D1', channel_type: 'im', thread_ts: '1.2' }, 'D1:1.2'],
    ['a mention', { type: 'app_mention', channel_type: undefined }, 'C1:1700000000.000100'],
    ['a file with words', { subtype: 'file_share' }, 'C1:1700000000.000100'],
  ] as const) {
    it(`${what}: the conversation ${conversation}`, () => {
      const { kind, conversation: found, target, group } = readEvent(event);
      const [channel, thread] = conversation.split(':');
      assert.deepEqual([kind, found, group], ['message', conversation, channel?.startsWith('D') ? undefined : channel]);
      assert.deepEqual(target.address, thread === undefined ? { channel } : { channel, thread });
    });
  }

  for (const [given, want] of [
    ['<@UBOT> what is 1 &lt; 2 &amp;&amp; 3 &gt; 2?', 'what is 1 < 2 && 3 > 2?'],
    ['  <@UBOT|gateway>, hello', 'hello'],
    ['<@U1> and <@U2|ann> in <#C1|general>', '@U1 and @ann in #general'],
    ['<https://x.org/?a=1&amp;b=2|a page> <https://x.org>', '[a page](https://x.org/?a=1&b=2) https://x.org'],
    ['<mailto:a@b.c|a@b.c>', '[a@b.c](mailto:a@b.c)'],
    ['<!here> <!subteam^S1|@team> <!date^1^{date}|today>', '@here @team today'],
    ['&amp;lt;', '&lt;'],
    ['hello <@UBOT>', 'hello @UBOT'],
  ] as const) {
    it(`reads ${given}`, () => assert.equal(readEvent({ text: given }).text, want));
  }

  it('knows itself by its user and by its app, and other bots', () => {
    const who = (event: object) => {
      const { isBot, isSelf } = readEvent(event).sender;
      return { isBot, isSelf };
    };
    assert.deepEqual(who({ user: 'UBOT' }), { isBot: false, isSelf: true });
    assert.deepEqual(who({ user: 'UX', bot_id: 'B1', app_id: 'A1' }), { isBot: true, isSelf: true });
    assert.deepEqual(who({ user: 'UX', bot_id: 'B2', app_id: 'A2' }), { isBot: true, isSelf: false });
    assert.deepEqual(who({ user: undefined, subtype: 'bot_message' }), { isBot: true, isSelf: false });
  });

  for (const subtype of ['message_changed', 'message_deleted', 'channel_join', 'assistant_app_thread']) {
    it(`a message of subtype ${subtype}: ignored, under the key of its event only`, () => {
      const { kind, dedupeKeys } = readEvent({ subtype });
      assert.deepEqual([kind, dedupeKeys], ['ignored', ['event:Ev1']]);
    });
  }
});

describe('slack: what a command and an interaction mean', () => {
  it('a command, with the address that came with it', () => {
    const url = 'https://hooks.slack.com/commands/T1/2/x';
    const event = only(command({ text: ' a &amp; b ', user_name: 'ann', response_url: url }));
    assert.deepEqual(event, {
      kind: 'message',
      id: '1.2.3',
      dedupeKeys: ['trigger:1.2.3'],
      conversation: 'C1',
      conversationKind: 'group',
      group: 'C1',
      sender: { id: 'U7', name: 'ann', isBot: false, isSelf: false },
      text: 'a & b',
      occurredAt: at,
      target: { address: { channel: 'C1', hook: url, hookUntil: String(at + 1_800_000) } },
    });
    assert.equal(only(command({ channel_id: 'D1' })).conversationKind, 'direct');
    assert.equal(only(command({ text: '  ' })).text, '/ask');
  });

  for (const url of [
    'https://evil.example/x',
    'http://hooks.slack.com/x',
    'https://hooks.slack.com.evil.example/',
    'file:///x',
    '',
    'no address',
  ]) {
    it(`keeps no address that is not Slack's: ${url || 'none'}`, () => {
      assert.deepEqual(only(command({ text: 'x', response_url: url })).target.address, { channel: 'C1' });
    });
  }

  for (const [what, payload, text] of [
    ['a button', { type: 'block_actions', actions: [{ action_id: 'a', value: 'yes', text: { text: 'Yes!' } }] }, 'yes'],
    [
      'a button without a value',
      { type: 'block_actions', actions: [{ action_id: 'a', text: { text: 'Yes!' } }] },
      'Yes!',
    ],
    ['a menu', { type: 'block_actions', actions: [{ selected_option: { value: 'one' } }] }, 'one'],
    [
      'a menu of many',
      { type: 'block_actions', actions: [{ selected_options: [{ value: 'a' }, { value: 'b' }] }] },
      'a\nb',
    ],
    ['a shortcut on a message', { type: 'message_action' }, 'that < one'],
  ] as const) {
    it(`${what} says ${JSON.stringify(text)} in the thread of its message`, () => {
      const message = { ts: '5.6', text: 'that &lt; one' };
      const event = only(
        interaction({
          trigger_id: '9',
          user: { id: 'U7', username: 'ann' },
          channel: { id: 'C1' },
          message,
          ...payload,
        }),
      );
      assert.deepEqual(
        [event.kind, event.text, event.conversation, event.sender.id],
        ['message', text, 'C1:5.6', 'U7'],
      );
    });
  }

  for (const type of ['view_submission', 'view_closed', 'shortcut', 'workflow_step_edit']) {
    it(`${type}: ignored`, () => {
      assert.equal(only(interaction({ type, trigger_id: '9', user: { id: 'U7' }, view: {} })).kind, 'ignored');
    });
  }
});

describe('slack: what is answered on the spot', () => {
  it('the challenge, letter by letter', () => {
    const challenge = '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P';
    const answer = handshake(signBody(JSON.stringify({ type: 'url_verification', token: 't', challenge }), at, 's'));
    assert.deepEqual([answer?.status, answer?.body], [200, challenge]);
    assert.match(answer?.contentType ?? '', /^text\/plain/);
  });

  it('the check of our certificate, and the options of a menu', () => {
    assert.deepEqual(handshake(signBody('ssl_check=1&token=t', at, 's', form)), { status: 200 });
    assert.deepEqual(JSON.parse(handshake(interaction({ type: 'block_suggestion' }))?.body ?? ''), { options: [] });
  });

  it('nothing else', () => {
    assert.equal(handshake(command({})), undefined);
    assert.equal(handshake(interaction({ type: 'block_actions' })), undefined);
    assert.equal(handshake(signBody('{"type":"event_callback","challenge":"x"}', at, 's')), undefined);
  });
});
