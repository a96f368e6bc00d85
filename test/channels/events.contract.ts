import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InboundEvent, RawWebhook } from '../../src/core/ports/channel.ts';
import type { Subject, Test } from './subject.ts';

export function describeEvents(given: () => Subject, test: Test): void {
  const parse = (webhook: RawWebhook) => given().channel.parse(webhook);
  const only = (webhook: RawWebhook): InboundEvent => {
    const [event, ...more] = parse(webhook);
    assert.deepEqual(more, []);
    return event ?? assert.fail('no event');
  };

  test('reads a message as it was written', () => {
    for (const text of ['Hello 👋', 'a <b> & "c" *d*', '  two\n lines ', '<@U1> & <!channel>', '\u202e𝔘']) {
      const { sign, message } = given();
      const event = only(sign({ ...message, text }));
      assert.equal(event.kind, 'message');
      assert.equal(event.text, text);
      assert.equal(event.sender.id, message.sender.id);
      assert.deepEqual([event.sender.isBot, event.sender.isSelf], [false, false]);
      assert.ok(event.conversation.includes(message.conversation));
      assert.ok(Math.abs((event.occurredAt ?? 0) - message.at) <= 1000);
    }
  });

  test('gives the same event the same keys, and another event others', () => {
    const { sign, again, message } = given();
    const first = only(sign(message)).dedupeKeys;
    const second = only(again(message)).dedupeKeys;
    assert.ok(first.some((key) => second.includes(key)));
    const other = only(sign({ ...message, id: String(BigInt(message.id) + 1n) })).dedupeKeys;
    assert.ok(!other.some((key) => first.includes(key)));
    assert.ok(first.every((key) => key !== '' && key.length <= 512));
  });

  test('names a conversation so that a session can be named after it', () => {
    assert.match(only(given().sign(given().message)).conversation, /^[A-Za-z0-9._:@-]{1,128}$/);
  });

  test('knows its own words, and those of other bots', () => {
    const { own = assert.fail, bot = assert.fail } = given();
    assert.equal(only(own()).sender.isSelf, true);
    const other = only(bot());
    assert.deepEqual([other.kind, other.sender.isBot, other.sender.isSelf], ['message', true, false]);
  });

  test('acknowledges what it has no use for, and says why it was none', () => {
    const { channel, useless, signBody } = given();
    for (const body of useless) {
      const webhook = signBody(body);
      assert.ok(channel.authenticate(webhook).accepted);
      assert.equal(channel.handshake(webhook), undefined, body);
      const event = only(webhook);
      assert.equal(event.kind, 'ignored', body);
      assert.ok(event.reason, body);
      assert.ok(event.dedupeKeys.length > 0, body);
      const { status } = channel.acknowledge([event]);
      assert.ok(status >= 200 && status < 300);
    }
  });

  test('makes no exception of what is malformed', () => {
    const { channel, signBody } = given();
    for (const body of [
      '',
      ' ',
      '{',
      'null',
      '[]',
      '"text"',
      '1',
      '{"type":',
      '\u0000',
      'payload=%7B',
      '[[[['.repeat(10_000),
    ]) {
      const webhook = signBody(body);
      assert.equal(channel.handshake(webhook), undefined);
      assert.deepEqual([only(webhook).kind, only(webhook).reason], ['ignored', 'malformed'], body.slice(0, 20));
      assert.deepEqual(only(webhook).dedupeKeys, only(signBody(body)).dedupeKeys);
    }
  });

  test('throws at nothing that its own documents could turn into', () => {
    const { channel, sign, message, signBody, useless } = given();
    const documents = [sign(message).body.toString(), ...useless].filter((body) => body.startsWith('{'));
    const spoilt = fc
      .tuple(fc.constantFrom(...documents), fc.nat(), fc.jsonValue({ maxDepth: 2 }))
      .map(([body, at, value]) => spoil(JSON.parse(body), at, value));
    fc.assert(
      fc.property(spoilt, (body) => {
        const webhook = signBody(JSON.stringify(body));
        channel.handshake(webhook);
        const events = channel.parse(webhook);
        assert.ok(events.length > 0);
        for (const event of events) {
          assert.ok(event.kind === 'ignored' ? event.reason : event.text.trim() && event.conversation);
          assert.ok(Object.values(event.target.address).every((value) => typeof value === 'string'));
        }
        channel.acknowledge(events);
      }),
      { numRuns: 1000 },
    );
  });

  test('answers an acknowledgement with a success', () => {
    const { channel, sign, message } = given();
    const { status } = channel.acknowledge(parse(sign(message)));
    assert.ok(status >= 200 && status < 300);
    assert.ok((channel.apologize?.().status ?? 200) === 200);
  });
}

/** One member, anywhere in the document, becomes something else. */
function spoil(document: unknown, at: number, value: unknown): unknown {
  const places: { holder: Record<string, unknown>; member: string }[] = [];
  const walk = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const [member, inner] of Object.entries(holder)) {
      places.push({ holder: holder as Record<string, unknown>, member });
      walk(inner);
    }
  };
  walk(document);
  const place = places[at % Math.max(1, places.length)];
  if (place) place.holder[place.member] = value;
  return document;
}
