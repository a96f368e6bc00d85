/** Stopping: what was begun ends, what comes is refused with the time to come back, probes know of it. */
import assert from 'node:assert/strict';
import { openStream } from '../../support/open-stream.ts';
import { openRaw } from '../../support/raw-socket.ts';
import { scriptModels } from '../../support/script-models.ts';
import { finish, text } from '../../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';

describe('stopping', () => {
  let gateway: TestGateway;
  let resume = Promise.withResolvers<void>();
  const body = { channel: 'api', message: 'hello', stream: true };

  async function start(graceMs: number): Promise<void> {
    resume = Promise.withResolvers();
    const { parts, settings } = scriptModels({
      waits: [text('so '), { wait: resume.promise }, text('far'), finish],
      steady: [text('fine'), finish],
    });
    gateway = await startGateway({ parts, settings: { ...settings, shutdown: { graceMs } } });
  }

  it('lets streams and answers end, and refuses what is new meanwhile', async () => {
    await start(60_000);
    const stream = await openStream(gateway, '/api/chat', { body });
    await stream.next();
    const whole = gateway.request('POST', '/api/chat', { body: { ...body, stream: false } });
    const answered = whole.then((answer) => answer);
    await until(() => gateway.server.gateway.runs.active() === 2);
    const closed = gateway.close();

    assert.equal((await gateway.request('GET', '/health/ready')).status, 503);
    assert.deepEqual((await gateway.request('GET', '/health/ready')).body, { status: 'draining' });
    assert.equal((await gateway.request('GET', '/health')).status, 200, 'it lives');
    assert.equal((await gateway.request('GET', '/health/detailed')).body.status, 'draining');
    for (const [method, path] of [
      ['POST', '/api/chat'],
      ['GET', '/api/v2/sessions'],
      ['POST', '/api/sessions/s'],
    ] as const) {
      const refused = await gateway.request(
        method,
        path,
        method === 'POST' ? { body: { ...body, stream: false } } : {},
      );
      assert.equal(refused.status, 503);
      assert.match(refused.text, /SHUTTING_DOWN/);
      assert.equal(refused.headers['retry-after'], '1');
    }

    resume.resolve();
    await stream.all();
    assert.equal(stream.text(), 'so far');
    assert.equal((await answered).body.data.message, 'so far');
    await closed;
    await assert.rejects(openRaw(gateway.port), /ECONNREFUSED/);
  });

  it('cuts what does not end within the grace, with its terminal event', async () => {
    await start(50);
    const stream = await openStream(gateway, '/api/chat', { body });
    await stream.next();
    const began = performance.now();
    await gateway.close();
    assert.ok(performance.now() - began < 5000);
    const last = (await stream.all()).at(-1);
    assert.deepEqual([last?.data.type, last?.data.code], ['error', 'INTERRUPTED']);
  });

  it('does not wait for connections that only stay open', async () => {
    await start(60_000);
    const idle = await openRaw(gateway.port);
    const used = await openRaw(gateway.port);
    used.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    await used.answer('GET /health');
    const began = performance.now();
    await gateway.close();
    assert.ok(performance.now() - began < 3000);
    await Promise.all([idle.closed, used.closed]);
  });
});
