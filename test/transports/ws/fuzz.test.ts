import assert from 'node:assert/strict';
import { connect as dial } from 'node:net';
import fc from 'fast-check';
import { until } from '../../support/until.ts';
import { enter } from './client.ts';
import { upgradeRequest } from './raw.ts';
import { type Rig, startRig } from './rig.ts';

const word = fc.constantFrom('api', 's1', 'message', '', '__proto__', '🦞', 'x'.repeat(300), '\ud800', '../etc');
const value = fc.oneof(word, fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(true, null, -1, 1e308, []));
const frame = fc.record(
  {
    type: fc.oneof(fc.constantFrom('auth', 'message', 'ping', 'subscribe', 'pong', 'constructor'), value),
    id: value,
    channel: value,
    content: value,
    sessionId: value,
    model: value,
    stream: value,
    events: fc.oneof(fc.array(fc.constantFrom('message', 'status')), value),
    token: value,
    input: fc.array(
      fc.record({ type: fc.constantFrom('text', 'image'), text: value, url: value }, { requiredKeys: [] }),
    ),
    tools: value,
    metadata: fc.dictionary(word, value),
  },
  { requiredKeys: [] },
);
const text = fc.oneof(
  { weight: 5, arbitrary: frame.map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.nat(70).map((depth) => '[{"a":'.repeat(depth)) },
);
const bytes = fc.uint8Array({ maxLength: 100 });
const sent: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 9, arbitrary: text },
  { weight: 1, arbitrary: bytes },
);

describe('ws: random frames', function () {
  this.timeout(20_000);
  const seed = Date.now() % 1_000_000;
  let rig: Rig;
  before(async () => {
    rig = await startRig();
  });
  after(async () => {
    assert.deepEqual(rig.violations(), []);
    await rig.close();
  });

  it(`10,000 of them disturb no other connection and break nothing (seed ${seed})`, async () => {
    const fuzzed = [
      await enter(rig, (await rig.key({ user: 'eve' })).secret, '/api/v1/ws'),
      await enter(rig, (await rig.key({ user: 'eve' })).secret, '/api/v2/ws'),
    ];
    const { secret } = await rig.key({ user: 'ann' });
    const other = await enter(rig, secret);
    other.send({ type: 'subscribe', events: ['message', 'status'] });
    await other.next('subscribed');
    const frames = fc.sample(sent, { numRuns: 10_000, seed });
    const perRound = 50;
    for (let at = 0; at < frames.length; at += perRound) {
      const client = fuzzed[(at / perRound) % 2];
      for (const one of frames.slice(at, at + perRound)) client?.socket.send(one);
      client?.send({ type: 'ping', id: `end ${at}` });
      await client?.next((got) => got.type === 'pong' && got.id === `end ${at}`);
      // A round of its own, so that its answer to a heartbeat has come before the clock goes on.
      other.send({ type: 'ping' });
      await other.next('pong');
      // Time enough for what may be sent for nothing to grow back.
      rig.clock.advance(6000);
      if (at % 500 !== 0) continue;
      other.send({ type: 'message', channel: 'api', content: `hello ${at}`, sessionId: 's1', id: `${at}` });
      const answer = await other.answer(`${at}`);
      assert.equal(answer.map(({ content = '' }) => content).join(''), `hello ${at}`);
    }
    assert.ok(other.frames.every(({ type }) => type !== 'error' && type !== 'message'));
    assert.deepEqual(rig.logged, []);
    assert.equal(rig.transport.connections(), 3);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it(`random bytes below the frames close their own socket only (seed ${seed})`, async () => {
    const other = await enter(rig, (await rig.key()).secret);
    const before = rig.transport.connections();
    for (const garbage of fc.sample(fc.uint8Array({ minLength: 20, maxLength: 300 }), { numRuns: 200, seed })) {
      await sendRaw(rig, garbage);
    }
    await until(() => rig.transport.connections() === before);
    other.send({ type: 'ping' });
    await other.next('pong');
    assert.deepEqual(rig.logged, []);
  });
});

/** Upgrades, sends the bytes and leaves. */
function sendRaw(rig: Rig, garbage: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = dial(rig.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.write(upgradeRequest);
    socket.once('data', () => socket.end(garbage));
  });
}
