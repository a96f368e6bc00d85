/** Bodies that are too large or do not come: the client sees why, even one that writes all before it reads. */
import assert from 'node:assert/strict';
import { HandClock } from '../../support/hand-clock.ts';
import { openRaw, rawRequest } from '../../support/raw-socket.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';

const mebibyte = 1024 * 1024;

describe('uploads', () => {
  const clock = new HandClock();
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway({ parts: { clock } });
  });
  after(() => gateway.close());

  const headers = () => ({ Authorization: `Bearer ${gateway.adminKey}`, 'Content-Type': 'application/json' });

  function chatOf(bytes: number): string {
    const around = '{"channel":"api","message":""}';
    return around.replace('""', `"${'x'.repeat(bytes - around.length)}"`);
  }

  for (const [path, limit] of [
    ['/api/chat', 4 * mebibyte],
    ['/api/v2/chat', 4 * mebibyte],
    ['/api/sessions/s', 102_400],
    ['/api/keys', 102_400],
  ] as const) {
    it(`${path} takes ${limit} bytes and not one more`, async () => {
      const fits = await gateway.request('POST', path, { body: chatOf(limit) });
      assert.notEqual(fits.status, 413, 'as many as it may have');
      const tooLarge = await gateway.request('POST', path, { body: chatOf(limit + 1) });
      assert.equal(tooLarge.status, 413);
    });
  }

  for (const [how, encode] of [
    ['with its length', (body: Buffer) => ({ headers: { 'Content-Length': String(body.length) }, body })],
    [
      'in chunks',
      (body: Buffer) => ({
        headers: { 'Transfer-Encoding': 'chunked' },
        body: Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]),
      }),
    ],
  ] as const) {
    it(`shows 413 to a client that writes 16 MiB ${how} before it reads`, async () => {
      const raw = await openRaw(gateway.port);
      raw.socket.pause();
      const sent = encode(Buffer.from(chatOf(16 * mebibyte)));
      const head = rawRequest('POST /api/chat', { ...headers(), ...sent.headers });
      raw.write(head, sent.body);
      await until(() => raw.socket.writableLength === 0 || raw.socket.destroyed);
      raw.socket.resume();
      const answer = await raw.answer('POST /api/chat');
      assert.equal(answer.status, 413);
      assert.equal(answer.headers.connection, 'close');
      await raw.closed;
    });
  }

  it('answers 413 before the body has come', async () => {
    const raw = await openRaw(gateway.port);
    raw.write(rawRequest('POST /api/chat', { ...headers(), 'Content-Length': String(16 * mebibyte) }));
    assert.equal((await raw.answer('POST /api/chat')).status, 413);
    raw.destroy();
  });

  it('says 100 Continue to who asks, and then answers', async () => {
    const raw = await openRaw(gateway.port);
    const body = chatOf(100);
    raw.write(rawRequest('POST /api/chat', { ...headers(), Expect: '100-continue', 'Content-Length': '100' }));
    await until(() => raw.rest().includes('HTTP/1.1 100 Continue'));
    raw.write(body);
    assert.equal((await raw.answer('POST /api/chat')).status, 200);
    raw.destroy();
  });

  it('gives up on a body that drips, and closes', async () => {
    const raw = await openRaw(gateway.port);
    raw.write(rawRequest('POST /api/chat', { ...headers(), 'Content-Length': '100' }), '{"channel"');
    let answered = false;
    const answer = raw.answer('POST /api/chat').finally(() => {
      answered = true;
    });
    const began = clock.now();
    await until(() => {
      clock.advance(100);
      return answered;
    });
    assert.equal((await answer).status, 408);
    assert.equal((await answer).headers.connection, 'close');
    assert.ok(clock.now() - began >= 15_000, 'not before 15 s');
    let isClosed = false;
    void raw.closed.then(() => {
      isClosed = true;
    });
    await until(() => {
      clock.advance(100);
      return isClosed;
    });
  });

  it('forgets a client that goes away in the middle', async () => {
    const raw = await openRaw(gateway.port);
    raw.write(rawRequest('POST /api/chat', { ...headers(), Expect: '100-continue', 'Content-Length': '100' }));
    await until(() => raw.rest().includes('100 Continue'));
    const before = gateway.logged.length;
    raw.destroy();
    await until(() => gateway.logged.slice(before).some(({ fields }) => fields.status === 499));
    assert.equal((await gateway.request('GET', '/api/status')).body.data.runs.active, 0);
  });
});
