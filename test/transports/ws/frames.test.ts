import assert from 'node:assert/strict';
import { connect as dial } from 'node:net';
import { type Client, enter } from './client.ts';
import { maskedFrame, upgradeRequest } from './raw.ts';
import { type Rig, startRig } from './rig.ts';

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('ws: frames after `auth`', () => {
  let rig: Rig;
  let secret: string;
  let client: Client;
  before(async () => {
    rig = await startRig();
    ({ secret } = await rig.key());
  });
  beforeEach(async () => {
    client = await enter(rig, secret);
  });
  afterEach(() => client.close());
  after(async () => {
    assert.deepEqual(rig.violations(), []);
    await rig.close();
  });

  it('`ping` gets `pong`, with its id', async () => {
    client.send({ type: 'ping' }, { type: 'ping', id: 'p-1' });
    assert.deepEqual([await client.next(), await client.next()], [{ type: 'pong' }, { type: 'pong', id: 'p-1' }]);
  });

  it('`subscribe` gets `subscribed`, with its id and what was asked for', async () => {
    client.send({ type: 'subscribe', events: ['status', 'message'], id: 's' });
    assert.deepEqual(await client.next(), { type: 'subscribed', events: ['status', 'message'], id: 's' });
  });

  it('may say as many brackets as they like', async () => {
    for (const content of [`"${'['.repeat(100)}`, `\\"${'{'.repeat(100)}`, `${'["\\'.repeat(100)}`]) {
      client.send({ type: 'message', channel: 'api', content });
      const answer = await client.answer();
      assert.equal(answer.map((frame) => frame.content ?? '').join(''), content);
    }
  });

  it('may end a text with a backslash, and are too deep all the same', async () => {
    client.send(`{"type":"ping","id":"\\\\","x":${deep(64)}}`);
    assert.equal((await client.next()).code, 'INVALID_REQUEST');
    client.send('{"type":"ping","id":"\\\\"}');
    assert.deepEqual(await client.next(), { type: 'pong', id: '\\' });
  });

  describe('a bad one gets `error`, with its id where it can be read, and the socket stays', () => {
    const invalid = 'INVALID_REQUEST';
    const table: [string, frame: unknown, code: string, pointer: string, id?: string][] = [
      ['no JSON', 'hello', invalid, ''],
      ['nothing', '', invalid, ''],
      ['half of JSON', '{"type":"ping"', invalid, ''],
      ['a list', '[]', invalid, ''],
      ['null', 'null', invalid, ''],
      ['a number', '7', invalid, ''],
      ['nested too deeply', `{"type":"ping","id":"x","x":${deep(64)}}`, invalid, ''],
      ['nested 30,000 deep', deep(30_000), invalid, ''],
      ['never closed', '['.repeat(60_000), invalid, ''],
      ['no type', '{"id":"x"}', invalid, '/type', 'x'],
      ['an unknown type', { type: 'hello', id: 'x' }, invalid, '/type', 'x'],
      ['a type that is no text', { type: ['ping'], id: 'x' }, invalid, '/type', 'x'],
      ['the type of an answer', { type: 'pong', id: 'x' }, invalid, '/type', 'x'],
      ['a type that every object has', { type: 'constructor', id: 'x' }, invalid, '/type', 'x'],
      ['a type that is every object', { type: '__proto__', id: 'x' }, invalid, '/type', 'x'],
      ['an id that is no text', { type: 'ping', id: 7 }, invalid, '/id'],
      ['an empty id', { type: 'ping', id: '' }, invalid, '/id'],
      ['an id too long', { type: 'ping', id: 'x'.repeat(129) }, invalid, '/id'],
      ['a member too many', { type: 'ping', id: 'x', extra: 1 }, invalid, '/extra', 'x'],
      ['a prototype', '{"type":"ping","id":"x","__proto__":{"admin":true}}', invalid, '/__proto__', 'x'],
      ['a constructor', { type: 'ping', id: 'x', constructor: { prototype: {} } }, invalid, '/constructor', 'x'],
      ['no events', { type: 'subscribe', id: 'x' }, invalid, '', 'x'],
      ['unknown events', { type: 'subscribe', events: ['all'], id: 'x' }, invalid, '/events/0', 'x'],
      ['the same event twice', { type: 'subscribe', events: ['status', 'status'], id: 'x' }, invalid, '/events', 'x'],
      ['no content', { type: 'message', channel: 'api', id: 'x' }, invalid, '', 'x'],
      ['an empty content', { type: 'message', channel: 'api', content: '', id: 'x' }, invalid, '/content', 'x'],
      ['no channel', { type: 'message', content: 'hi', id: 'x' }, invalid, '', 'x'],
      [
        'a content that is no text',
        { type: 'message', channel: 'api', content: {}, id: 'x' },
        invalid,
        '/content',
        'x',
      ],
      [
        'a `stream` that is no truth',
        { type: 'message', channel: 'a', content: 'b', stream: 1, id: 'x' },
        invalid,
        '/stream',
        'x',
      ],
      [
        'a malformed session',
        { type: 'message', channel: 'a', content: 'b', sessionId: '../x', id: 'x' },
        'INVALID_SESSION',
        '/sessionId',
        'x',
      ],
      [
        'a session too long',
        { type: 'message', channel: 'a', content: 'b', sessionId: 's'.repeat(129), id: 'x' },
        'INVALID_SESSION',
        '/sessionId',
        'x',
      ],
      [
        'a session that is no text',
        { type: 'message', channel: 'a', content: 'b', sessionId: 7, id: 'x' },
        'INVALID_SESSION',
        '/sessionId',
        'x',
      ],
    ];
    for (const [name, frame, code, pointer, id] of table) {
      it(name, async () => {
        client.send(frame);
        const { details, message, ...error } = await client.next();
        assert.deepEqual(error, { type: 'error', code, ...(id === undefined ? {} : { id }) });
        assert.equal(details?.[0]?.pointer, pointer);
        assert.equal(typeof message, 'string');
        client.send({ type: 'ping', id: 'still here' });
        assert.deepEqual(await client.next(), { type: 'pong', id: 'still here' });
        assert.equal(Reflect.get({}, 'admin'), undefined);
      });
    }

    it('bytes instead of text', async () => {
      client.socket.send(Buffer.from('{"type":"ping"}'));
      assert.equal((await client.next()).code, invalid);
      client.send({ type: 'ping' });
      await client.next('pong');
    });

    it('within 20 ms, whatever is in it', async () => {
      const worst = [deep(32_000), `{"type":"${'\\u0041'.repeat(10_000)}"}`, `{"x":"${'"a":['.repeat(10_000)}`];
      for (const frame of worst) {
        const times: number[] = [];
        for (let n = 0; n < 5; n += 1) {
          const begun = performance.now();
          client.send(frame);
          await client.next('error');
          times.push(performance.now() - begun);
        }
        assert.ok(Math.min(...times) <= 20, `took ${times}`);
      }
    });

    it('in the words of its own version', async () => {
      const newer = await enter(rig, secret, '/api/v2/ws');
      newer.send({ type: 'message', input: [{ type: 'text' }], id: 'x' });
      const { detail, ...error } = await newer.next();
      assert.deepEqual(error, {
        type: 'error',
        code: invalid,
        title: 'The request does not fit the contract',
        retryable: false,
        errors: [{ pointer: '/input/0', detail: "must have required property 'text'" }],
        id: 'x',
      });
      assert.equal(typeof detail, 'string');
      await newer.close();
    });

    it('and an id is good as long as the contract says, in characters', async () => {
      const id = '🦞'.repeat(128);
      client.send({ type: 'hello', id });
      assert.equal((await client.next()).id, id);
    });
  });

  describe('what breaks the protocol itself closes the socket, with the code of RFC 6455', () => {
    const table: [string, bytes: Buffer, code: number][] = [
      ['no mask', Buffer.from([0x81, 2, 0x7b, 0x7d]), 1002],
      ['a reserved bit', maskedFrame(0xc1, Buffer.from('{}')), 1002],
      ['an unknown opcode', maskedFrame(0x83, Buffer.from('{}')), 1002],
      ['a ping in pieces', maskedFrame(0x09, Buffer.from('x')), 1002],
      ['a piece of nothing', maskedFrame(0x80, Buffer.from('x')), 1002],
      ['a ping too long', maskedFrame(0x89, Buffer.alloc(126)), 1002],
      ['a close code that is none', maskedFrame(0x88, Buffer.from([0x03, 0xed])), 1002],
      ['half a close code', maskedFrame(0x88, Buffer.from([1])), 1002],
      ['bad UTF-8', maskedFrame(0x81, Buffer.from([0xff, 0xfe])), 1007],
      ['more than 64 KiB', Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]), 1009],
    ];
    for (const [name, bytes, code] of table) {
      it(`${name}: ${code}`, async () => {
        assert.equal(await closeCodeOf(rig, bytes), code);
        client.send({ type: 'ping' });
        await client.next('pong');
      });
    }

    it('and exactly 64 KiB are not too much', async () => {
      const around = JSON.stringify({ type: 'message', channel: 'api', content: '' }).length;
      client.send({ type: 'message', channel: 'api', content: 'x'.repeat(64 * 1024 - around) });
      assert.equal((await client.answer()).at(-1)?.type, 'done');
    });
  });

  it('are counted by type, and no type of the client’s own making becomes a label', async () => {
    rig.counted.frames.length = 0;
    client.send({ type: 'ping' }, { type: 'hello' }, 'x', { type: 'subscribe', events: [] });
    await client.next('subscribed');
    const version = '2026-03-01';
    assert.deepEqual(rig.counted.frames, [
      `ping ${version}`,
      `invalid ${version}`,
      `invalid ${version}`,
      `subscribe ${version}`,
    ]);
  });
});

/** Sends raw bytes after the upgrade and reads the code of the close frame that comes back. */
function closeCodeOf(rig: Rig, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = dial(rig.port, '127.0.0.1');
    let got = Buffer.alloc(0);
    socket.on('error', reject);
    socket.write(upgradeRequest);
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      if (end !== -1 && bytes.length > 0) socket.write(bytes);
      const at = got.indexOf(0x88, end + 4);
      if (end === -1 || at === -1 || got.length < at + 4) return;
      resolve(got.readUInt16BE(at + 2));
      socket.destroy();
    });
  });
}
