import assert from 'node:assert/strict';
import { type Client, enter } from './client.ts';
import { type Rig, startRig } from './rig.ts';

describe('ws: floods', () => {
  let rig: Rig;
  let client: Client;
  beforeEach(async () => {
    rig = await startRig();
    client = await enter(rig, (await rig.key()).secret);
  });
  afterEach(async () => {
    assert.deepEqual(rig.violations(), []);
    await rig.close();
  });

  const flood = (count: number, frame: unknown = { type: 'ping' }) => {
    for (let n = 0; n < count; n += 1) client.send(frame);
  };

  it('of a hundred frames that cost nothing pass', async () => {
    flood(100);
    for (let n = 0; n < 100; n += 1) assert.equal((await client.next()).type, 'pong');
  });

  it('of more are refused, with the time to wait', async () => {
    flood(100);
    client.send({ type: 'ping', id: 'one too many' });
    const error = await client.next('error');
    assert.deepEqual([error.code, error.id, error.retryAfter], ['RATE_LIMITED', 'one too many', 1]);
    assert.equal(rig.counted.rateLimited, 1);
  });

  it('are over when the client waits: ten more each second', async () => {
    flood(100);
    for (let n = 0; n < 100; n += 1) await client.next('pong');
    rig.clock.advance(1000);
    flood(11);
    for (let n = 0; n < 10; n += 1) await client.next('pong');
    assert.equal((await client.next()).code, 'RATE_LIMITED');
  });

  it('that go on close the socket with 4429', async () => {
    flood(300, 'junk');
    assert.equal((await client.closed).code, 4429);
    assert.equal(client.frames.filter(({ code }) => code === 'INVALID_REQUEST').length, 100);
    assert.equal(client.frames.filter(({ code }) => code === 'RATE_LIMITED').length, 101);
  });

  it('of refused messages close it too', async () => {
    client = await enter(rig, (await rig.key({ limits: { requestsPerMinute: 1 } })).secret);
    flood(300, { type: 'message', channel: 'api', content: 'x' });
    assert.equal((await client.closed).code, 4429);
  });

  it('of messages within the limit do not', async () => {
    flood(120, { type: 'message', channel: 'api', content: 'x' });
    for (let n = 0; n < 120; n += 1) assert.equal((await client.answer()).at(-1)?.type, 'done');
  });

  it('of the WebSocket’s own pings close it with 4429', async () => {
    for (let n = 0; n < 300; n += 1) client.socket.ping();
    assert.equal((await client.closed).code, 4429);
  });

  it('leave other sockets of the same key alone', async () => {
    const { secret } = await rig.key();
    client = await enter(rig, secret);
    const other = await enter(rig, secret);
    flood(300);
    assert.equal((await client.closed).code, 4429);
    other.send({ type: 'ping' });
    await other.next('pong');
  });
});
