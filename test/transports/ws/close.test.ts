import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { until } from '../../support/until.ts';
import { connect, enter } from './client.ts';
import { knock } from './knock.ts';
import { upgradeRequest } from './raw.ts';
import { type Rig, startRig } from './rig.ts';
import { finish, type ScriptedCall, say } from './scripted-provider.ts';

async function* held({ gate }: ScriptedCall) {
  yield [say('begun')];
  await gate.promise;
  yield [finish];
}

describe('ws: closing', () => {
  let rig: Rig;
  let secret: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ secret } = await rig.key());
  });
  afterEach(async () => {
    assert.deepEqual(rig.violations(), []);
    await rig.close();
  });

  it('says 1001 to idle sockets at once, and to those that have not authenticated', async () => {
    const clients = [await enter(rig, secret), await connect(rig)];
    await rig.transport.close(10_000);
    for (const client of clients) {
      const { code, reason } = await client.closed;
      assert.deepEqual([code, reason], [1001, 'the gateway is shutting down']);
    }
    assert.equal(rig.transport.connections(), 0);
  });

  it('takes no more connections', async () => {
    await rig.transport.close(0);
    assert.equal((await knock(rig, '/ws')).status, 503);
  });

  it('lets answers end within the grace, takes no more messages, and says 1001 after the last', async () => {
    const client = await enter(rig, secret);
    rig.provider.script(held);
    client.send({ type: 'message', channel: 'api', content: 'a', sessionId: 's', id: 'a' });
    client.send({ type: 'message', channel: 'api', content: 'b', sessionId: 't', id: 'b' });
    await until(() => rig.provider.calls.length === 2);
    const closed = rig.transport.close(10_000);
    client.send({ type: 'message', channel: 'api', content: 'c', id: 'c' });
    const [refused] = await client.answer('c');
    assert.deepEqual([refused?.code, refused?.retryAfter], ['SHUTTING_DOWN', 1]);
    rig.provider.calls[0]?.gate.resolve();
    assert.equal((await client.answer('a')).at(-1)?.type, 'done');
    assert.equal(client.socket.readyState, client.socket.OPEN);
    rig.provider.calls[1]?.gate.resolve();
    assert.equal((await client.answer('b')).at(-1)?.type, 'done');
    assert.equal((await client.closed).code, 1001);
    await closed;
  });

  it('cuts what takes longer, with a terminal frame, before it says 1001', async () => {
    const client = await enter(rig, secret);
    rig.provider.script(held);
    client.send({ type: 'message', channel: 'api', content: 'a', id: 'a' });
    await client.next('chunk');
    const closed = rig.transport.close(10_000);
    rig.clock.advance(9999);
    assert.equal(client.socket.readyState, client.socket.OPEN);
    rig.clock.advance(1);
    assert.deepEqual((await client.answer('a')).at(-1)?.code, 'INTERRUPTED');
    assert.equal((await client.closed).code, 1001);
    await closed;
    assert.equal(rig.provider.calls[0]?.state, 'aborted');
  });

  it('cuts off who does not close in answer', async () => {
    const stubborn = dial(rig.port, '127.0.0.1');
    stubborn.write(upgradeRequest);
    await once(stubborn, 'data');
    stubborn.on('error', () => {});
    const closed = rig.transport.close(1000);
    for (let second = 0; second < 3; second += 1) {
      assert.equal(rig.transport.connections(), 1);
      rig.clock.advance(1000);
      await new Promise(setImmediate);
    }
    await closed;
    assert.equal(rig.transport.connections(), 0);
  });

  it('leaves no listener and no timer behind', async () => {
    // The first one starts what the gateway counts for itself.
    await (await enter(rig, secret)).close();
    await until(() => rig.transport.connections() === 0);
    rig.clock.advance(1000);
    const before = rig.clock.pending;
    await enter(rig, secret);
    assert.equal(rig.listeners(), 2);
    await rig.transport.close(1000);
    rig.clock.advance(1000);
    assert.equal(rig.clock.pending, before);
    assert.equal(rig.listeners(), 0);
  });
});
