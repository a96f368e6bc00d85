import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { type Client, enter } from './client.ts';
import { type Rig, startRig } from './rig.ts';
import { finish, say } from './scripted-provider.ts';

const mebibyte = 1024 * 1024;
const piece = 'x'.repeat(64 * 1024);

describe('ws: slow readers', () => {
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

  /** A provider that says so many pieces as fast as they are taken. */
  function scriptPieces(count: number): void {
    rig.provider.script(async function* () {
      for (let n = 0; n < count; n += 1) {
        yield [say(piece)];
        await nextTurn();
      }
      yield [finish];
    });
  }

  const held = (index = 0) => rig.wires[index]?.writableLength ?? 0;

  /** The client stops reading, and the answer grows until it must wait. */
  async function fill(): Promise<number> {
    client.socket.pause();
    client.send({ type: 'message', channel: 'api', content: 'x', id: 'm' });
    await until(() => held() > mebibyte);
    for (let n = 0; n < 50; n += 1) await nextTurn();
    return rig.provider.calls[0]?.taken ?? 0;
  }

  it('slow the provider down once 1 MiB waits for them, and lose nothing', async () => {
    const count = 400;
    scriptPieces(count);
    const taken = await fill();
    for (let n = 0; n < 50; n += 1) await nextTurn();
    assert.equal(rig.provider.calls[0]?.taken, taken);
    assert.ok(taken < count);
    assert.ok(held() < mebibyte + 2 * piece.length, `${held()} bytes are held`);

    client.socket.resume();
    const answer = await client.answer('m');
    assert.equal(answer.length, count + 1);
    assert.ok(answer.slice(0, -1).every(({ content }) => content === piece));
  });

  it('are nobody else’s trouble meanwhile', async () => {
    scriptPieces(400);
    const other = await enter(rig, (await rig.key()).secret);
    await fill();
    rig.provider.script(() => [[say('quick')], [finish]]);
    other.send({ type: 'message', channel: 'api', content: 'x' });
    assert.equal((await other.answer()).at(-1)?.type, 'done');
  });

  it('are closed with 1013 when they have taken nothing for 30 s, and their run ends', async () => {
    scriptPieces(400);
    await fill();
    rig.clock.advance(29_999);
    assert.equal(rig.provider.calls[0]?.state, 'running');
    rig.clock.advance(1);
    const begun = performance.now();
    await until(() => rig.gateway.runs.active() === 0);
    assert.ok(performance.now() - begun < 100);
    assert.equal(rig.provider.calls[0]?.state, 'aborted');
    client.socket.resume();
    assert.equal((await client.closed).code, 1013);
  });

  it('have their 30 s anew when they have read', async () => {
    scriptPieces(800);
    await fill();
    rig.clock.advance(20_000);
    client.socket.resume();
    await until(() => held() < mebibyte);
    client.socket.pause();
    await until(() => held() > mebibyte || rig.provider.calls[0]?.state === 'ended');
    rig.clock.advance(20_000);
    client.socket.resume();
    assert.equal((await client.answer('m')).at(-1)?.type, 'done');
  });

  it('that leave while their answer waits let the provider go', async () => {
    scriptPieces(400);
    await fill();
    client.socket.terminate();
    await until(() => rig.provider.calls[0]?.state === 'aborted');
    await until(() => rig.gateway.runs.active() === 0);
  });

  it('of news are closed with 1013 rather than left with a gap', async () => {
    client.send({ type: 'subscribe', events: ['message'] });
    await client.next('subscribed');
    client.socket.pause();
    let told = 0;
    while (rig.wires[0]?.writable && told < 1000) {
      publish(rig, piece, told);
      told += 1;
      await nextTurn();
    }
    assert.ok(held() < 2 * mebibyte + 2 * piece.length, `${held()} bytes are held`);
    client.socket.resume();
    assert.equal((await client.closed).code, 1013);
    // Up to the close there is none missing.
    const news = client.frames.filter(({ type }) => type === 'message');
    assert.deepEqual(
      news.map(({ messageId }) => Number(String(messageId).slice(-3))),
      news.map((_, index) => index),
    );
  });

  it('of a long answer are not taken for slow ones because one frame is large', async () => {
    client.send({ type: 'subscribe', events: ['message'] });
    await client.next('subscribed');
    publish(rig, 'x'.repeat(3 * mebibyte), 0);
    publish(rig, 'after it', 1);
    await client.next((frame) => frame.content === 'after it');
    publish(rig, 'still there', 2);
    await client.next((frame) => frame.content === 'still there');
  });

  it('that go on sending are closed before their errors fill the memory', async () => {
    client.socket.pause();
    const bad = JSON.stringify({ type: 'ping', [`x${'y'.repeat(50_000)}`]: 1, id: 'z'.repeat(128) });
    for (let n = 0; n < 250; n += 1) client.send(bad);
    await until(() => rig.counted.frames.length > 200);
    assert.ok(held() < 2 * mebibyte);
  });
});

function publish(rig: Rig, text: string, n: number): void {
  const id = `msg_01kaq3w8x4m2v9t6r5e1z0c${String(n).padStart(3, '0')}`;
  const message = { id, role: 'assistant' as const, parts: [{ type: 'text' as const, text }], createdAt: 0 };
  rig.bus.publish({ type: 'message', user: 'ann', sessionId: 's', message });
}
