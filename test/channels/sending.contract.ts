import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { type OutboundSend, SendError } from '../../src/core/ports/channel.ts';
import { until } from '../support/until.ts';
import type { Subject, Test } from './subject.ts';

export function describeSending(given: () => Subject, test: Test): void {
  const never = new AbortController().signal;
  const outbound = (text: string, more: Partial<OutboundSend> = {}): OutboundSend => {
    const [chunk] = given().channel.render(text);
    return {
      target: given().target(),
      chunk: chunk ?? assert.fail('no chunk'),
      plain: false,
      deliveryId: 'evt_1.0',
      first: true,
      ...more,
    };
  };
  const faultOf = async (sent: Promise<unknown>): Promise<SendError> => {
    const error = await sent.then(
      () => assert.fail('it was sent'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof SendError, inspect(error));
    // Whatever a log might show of it.
    const told = inspect(error, { depth: 10, showHidden: true });
    for (const secret of given().secrets) assert.ok(!told.includes(secret), `${secret} in ${told}`);
    return error;
  };

  test('sends every chunk, all to the same place', async () => {
    const { channel, shown, fake } = given();
    const first = await channel.send(outbound('first **words**'), never);
    const second = await channel.send(outbound('second', { first: false, deliveryId: 'evt_1.1' }), never);
    assert.ok(first.message !== '' && second.message !== '' && first.message !== second.message);
    assert.equal(shown().length, 2);
    assert.match(shown()[0] ?? '', /words/);
    assert.match(shown()[1] ?? '', /second/);
    assert.equal(fake.requests.length, 2);
  });

  test('sends the plain text when it is asked to', async () => {
    const { channel, shown } = given();
    await channel.send(outbound('**bold** & <b>', { plain: true }), never);
    assert.equal(shown()[0]?.replace('&amp;', '&').replace('&lt;', '<').replace('&gt;', '>'), '**bold** & <b>');
  });

  test('edits what it has sent, to the same words too', async () => {
    const { channel, shown } = given();
    const { message } = await channel.send(outbound('begun'), never);
    assert.ok(channel.edit);
    await channel.edit({ ...outbound('begun and done'), message }, never);
    await channel.edit({ ...outbound('begun and done'), message }, never);
    assert.deepEqual(shown(), ['begun and done']);
  });

  test('has what its manifest promises', () => {
    const { channel } = given();
    assert.equal(channel.edit === undefined, channel.manifest.editEveryMs === undefined);
    assert.equal(channel.typing === undefined, channel.manifest.typingEveryMs === undefined);
  });

  test('is not seen twice when it was sent twice, where the manifest says so', async () => {
    const { channel, shown } = given();
    assert.ok(channel.manifest.idempotentSend);
    const first = await channel.send(outbound('once'), never);
    const second = await channel.send(outbound('once'), never);
    assert.deepEqual(second, first);
    assert.equal(shown().length, 1);
  });

  test('says how long the platform asked it to wait', async () => {
    const { channel, fake, rateLimits } = given();
    for (const [answer, waitMs] of rateLimits) {
      fake.next(answer);
      const { kind, retryAfterMs } = await faultOf(channel.send(outbound('hello'), never));
      assert.deepEqual([kind, retryAfterMs], ['rate_limited', waitMs]);
    }
    assert.equal(fake.requests.length, rateLimits.length);
  });

  test('says what kind of failure it was, once for each send', async () => {
    const { channel, fake, faults } = given();
    for (const [answer, kind] of faults) {
      fake.next(answer);
      const before = fake.requests.length;
      const fault = await faultOf(channel.send(outbound('hello'), never));
      assert.equal(fault.kind, kind, inspect(answer));
      assert.equal(fake.requests.length, before + 1, 'it was tried again');
    }
  });

  test('repeats no secret that the platform repeats', async () => {
    const { channel, fake, sent } = given();
    const told = `you sent ${sent.join(' and ')}`;
    const body = { ok: false, error_code: 400, description: told, error: told, message: told, code: 1 };
    for (const answer of [
      { status: 400, body },
      { status: 500, body: told },
      { status: 403, body: { ...body, ok: true } },
    ]) {
      fake.next(answer);
      const fault = await faultOf(channel.send(outbound('hello'), never));
      for (const secret of sent) assert.ok(!inspect(fault, { depth: 10 }).includes(secret), inspect(fault));
      assert.match(inspect(fault.cause), /you sent \[secret\]/);
    }
  });

  test('tells refused formatting from a refusal, and only of formatting', async () => {
    const { channel, fake, refusedFormatting = assert.fail('none') } = given();
    fake.next(refusedFormatting);
    assert.equal((await faultOf(channel.send(outbound('hello'), never))).kind, 'formatting_refused');
    await channel.send(outbound('hello', { plain: true }), never);
  });

  test('follows no redirect', async () => {
    const { channel, fake } = given();
    for (const status of [301, 302, 307, 308]) {
      fake.next({ status, headers: { location: `${fake.url}/elsewhere` } });
      assert.equal((await faultOf(channel.send(outbound('hello'), never))).kind, 'refused');
    }
    assert.ok(fake.requests.every(({ path }) => path !== '/elsewhere'));
  });

  test('gives an answer that does not come fifteen seconds', async () => {
    const { channel, fake, clock } = given();
    fake.next('silent');
    const sent = faultOf(channel.send(outbound('hello'), never));
    await until(() => fake.requests.length === 1);
    clock.advance(14_999);
    assert.equal(clock.pending, 1);
    clock.advance(1);
    assert.equal((await sent).kind, 'unavailable');
  });

  test('says that nobody is there', async () => {
    const { channel, fake } = given();
    await fake.close();
    assert.equal((await faultOf(channel.send(outbound('hello'), never))).kind, 'unavailable');
  });

  test('reads no endless answer', async () => {
    const { channel, fake } = given();
    fake.next({ status: 200, body: 'x'.repeat(2 ** 20) });
    assert.equal((await faultOf(channel.send(outbound('hello'), never))).kind, 'unavailable');
  });

  test('gives up with the reason of the signal, before and while it waits, and leaves nothing behind', async () => {
    const { channel, fake, clock } = given();
    const reason = new Error('stopped');
    await assert.rejects(channel.send(outbound('hello'), AbortSignal.abort(reason)), (error) => error === reason);
    assert.equal(fake.requests.length, 0);
    const abort = new AbortController();
    fake.next('silent');
    const sent = assert.rejects(channel.send(outbound('hello'), abort.signal), (error) => error === reason);
    await until(() => fake.requests.length === 1);
    abort.abort(reason);
    await sent;
    await channel.send(outbound('hello'), abort.signal).catch(() => {});
    assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
    assert.equal(clock.pending, 0);
  });
}
