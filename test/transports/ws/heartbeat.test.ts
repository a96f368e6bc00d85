import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { until } from '../../support/until.ts';
import { connect, enter } from './client.ts';
import { textFrame, upgradeRequest } from './raw.ts';
import { type Rig, startRig } from './rig.ts';

describe('ws: the heartbeat', () => {
  let rig: Rig;
  let secret: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ secret } = await rig.key());
  });
  afterEach(() => rig.close());

  it('pings every 25 s', async () => {
    const client = await enter(rig, secret);
    let pings = 0;
    client.socket.on('ping', () => {
      pings += 1;
    });
    for (let round = 1; round <= 3; round += 1) {
      rig.clock.advance(24_999);
      client.send({ type: 'ping' });
      await client.next('pong');
      assert.equal(pings, round - 1);
      rig.clock.advance(1);
      await until(() => pings === round);
      client.send({ type: 'ping' });
      await client.next('pong');
    }
  });

  it('cuts a peer that stays silent for 8 s after a ping', async () => {
    const silent = await dialSilently(rig);
    const client = await enter(rig, secret);
    silent.write(textFrame({ type: 'auth', token: secret }));
    await until(() => rig.counted.frames.length === 2);
    rig.clock.advance(25_000);
    await until(() => silent.pings === 1);
    client.send({ type: 'ping' });
    await client.next('pong');
    rig.clock.advance(7999);
    client.send({ type: 'ping' });
    await client.next('pong');
    assert.equal(rig.transport.connections(), 2);
    rig.clock.advance(1);
    await until(() => rig.transport.connections() === 1);
    await until(() => silent.destroyed || silent.readableEnded);
    client.send({ type: 'ping' });
    await client.next('pong');
  });

  it('aborts what runs for a peer that is gone', async () => {
    const silent = await dialSilently(rig);
    rig.provider.script(async function* ({ gate }) {
      yield [{ type: 'text', text: 'x' }];
      await gate.promise;
    });
    silent.write(textFrame({ type: 'auth', token: secret }));
    silent.write(textFrame({ type: 'message', channel: 'api', content: 'x' }));
    await until(() => rig.provider.calls[0]?.taken === 1);
    rig.clock.advance(33_000);
    await until(() => rig.provider.calls[0]?.state === 'aborted');
  });

  it('spreads its pings: of sockets that came second by second, few are pinged at once', async () => {
    const pinged: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const client = await enter(rig, secret);
      client.socket.on('ping', () => pinged.push(n));
      rig.clock.advance(1000);
    }
    for (let second = 0; second < 5; second += 1) {
      rig.clock.advance(second === 0 ? 20_000 : 1000);
      await until(() => pinged.length === second + 1);
    }
    assert.deepEqual(pinged, [0, 1, 2, 3, 4]);
  });

  it('has one timer, and none when nobody is there', async () => {
    // The first one starts what the gateway counts for itself.
    await (await enter(rig, secret)).close();
    await until(() => rig.transport.connections() === 0);
    rig.clock.advance(1000);
    const idle = rig.clock.pending;
    const clients = await Promise.all(Array.from({ length: 10 }, () => enter(rig, secret)));
    assert.equal(rig.clock.pending, idle + 1);
    for (const client of clients) await client.close();
    await until(() => rig.transport.connections() === 0);
    rig.clock.advance(1000);
    assert.equal(rig.clock.pending, idle);
    await enter(rig, secret);
    const silent = await connect(rig);
    assert.equal(rig.clock.pending, idle + 2);
    await silent.close();
    await until(() => rig.transport.connections() === 1);
    assert.equal(rig.clock.pending, idle + 1);
  });

  it('answers the pings of clients', async () => {
    const client = await enter(rig, secret);
    client.socket.ping('are you there');
    const [data] = await once(client.socket, 'pong');
    assert.equal(String(data), 'are you there');
  });
});

interface Silent extends Socket {
  pings: number;
}

/** A peer that is connected, counts pings and answers none. */
async function dialSilently(rig: Rig): Promise<Silent> {
  const socket = Object.assign(dial(rig.port, '127.0.0.1'), { pings: 0 });
  socket.write(upgradeRequest);
  await once(socket, 'data');
  socket.on('data', (chunk) => {
    for (let at = chunk.indexOf(0x89); at !== -1; at = chunk.indexOf(0x89, at + 1)) {
      if (chunk[at + 1] === 0) socket.pings += 1;
    }
  });
  socket.on('error', () => {});
  return socket;
}
