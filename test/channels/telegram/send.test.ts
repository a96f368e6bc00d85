import assert from 'node:assert/strict';
import type { OutboundSend } from '../../../src/core/ports/channel.ts';
import { makeTelegram, telegramError } from './subject.ts';

describe('telegram: what is sent', () => {
  const { signal } = new AbortController();
  let telegram: Awaited<ReturnType<typeof makeTelegram>>;
  const outbound = (more: Partial<OutboundSend> = {}): OutboundSend => ({
    target: telegram.target(),
    chunk: { text: '<b>Hello</b>', plain: '**Hello**' },
    plain: false,
    deliveryId: 'evt_1.0',
    first: true,
    ...more,
  });

  beforeEach(async () => {
    telegram = await makeTelegram();
  });
  afterEach(async () => {
    await telegram.channel.close();
    await telegram.fake.close();
  });

  it('keeps the topic on every chunk, and the reply on the first', async () => {
    const { channel, fake } = telegram;
    await channel.send(outbound(), signal);
    await channel.send(outbound({ first: false }), signal);
    const [first, second] = fake.requests.map(({ fields }) => fields);
    const preview = { is_disabled: true };
    assert.deepEqual(first, {
      chat_id: '-100',
      message_thread_id: 5,
      text: '<b>Hello</b>',
      parse_mode: 'HTML',
      link_preview_options: preview,
      reply_parameters: { message_id: 3, allow_sending_without_reply: true },
    });
    const { reply_parameters: _, ...rest } = first ?? {};
    assert.deepEqual(second, rest);
  });

  it('falls back to the text as it was written, in no dialect', async () => {
    const { channel, fake, shown } = telegram;
    const broken = outbound({ chunk: { text: '<b>Hello', plain: '**Hello' } });
    await assert.rejects(channel.send(broken, signal), { kind: 'formatting_refused' });
    await channel.send({ ...broken, plain: true }, signal);
    assert.deepEqual(shown(), ['**Hello']);
    assert.equal(fake.requests[1]?.fields.parse_mode, undefined);
  });

  it('takes an edit that changes nothing for done', async () => {
    const { channel, fake } = telegram;
    const { message } = await channel.send(outbound(), signal);
    await channel.edit?.({ ...outbound(), message }, signal);
    assert.equal(fake.requests.length, 2);
    fake.next(telegramError(400, 'Bad Request: message to edit not found'));
    await assert.rejects(channel.edit?.({ ...outbound(), message }, signal) ?? assert.fail(), { kind: 'refused' });
  });

  it('follows a group to its new id, once', async () => {
    const { channel, fake, shown } = telegram;
    fake.moved.set('-5', '-100');
    await channel.send(outbound({ target: { address: { chat: '-5' } } }), signal);
    assert.deepEqual(shown(), ['Hello']);
    fake.moved.set('-5', '-6');
    fake.moved.set('-6', '-5');
    await assert.rejects(channel.send(outbound({ target: { address: { chat: '-5' } } }), signal), { kind: 'refused' });
    assert.equal(fake.requests.length, 4);
  });

  it('shows that it types, in the topic', async () => {
    const { channel, fake } = telegram;
    await channel.typing?.(telegram.target(), signal);
    assert.match(fake.requests[0]?.path ?? '', /\/sendChatAction$/);
    assert.deepEqual(fake.requests[0]?.fields, { chat_id: '-100', message_thread_id: 5, action: 'typing' });
  });
});
