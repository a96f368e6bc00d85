import assert from 'node:assert/strict';
import { until } from '../../support/until.ts';
import { connect, enter, type Frame } from './client.ts';
import { type Rig, startRig } from './rig.ts';

describe('ws: authentication', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(async () => {
    assert.deepEqual(rig.violations(), []);
    await rig.close();
  });

  it('names the user and carries the id', async () => {
    const { secret } = await rig.key({ user: 'bob' });
    const client = await connect(rig);
    client.send({ type: 'auth', token: secret, id: 'a-1' });
    assert.deepEqual(await client.next(), { type: 'auth_ok', user: 'bob', version: '2026-03-01', id: 'a-1' });
  });

  it('takes what comes in the same packet', async () => {
    const { secret } = await rig.key();
    const client = await connect(rig);
    client.send(
      { type: 'auth', token: secret },
      { type: 'ping', id: 'p' },
      { type: 'message', channel: 'api', content: 'hi' },
    );
    const types = [await client.next(), await client.next(), ...(await client.answer())].map(({ type }) => type);
    assert.deepEqual(types, ['auth_ok', 'pong', 'chunk', 'done']);
  });

  describe('anything but `auth` first is UNAUTHORIZED, and the socket closes with 4401', () => {
    const table: [string, frame: unknown][] = [
      ['a ping', { type: 'ping', id: 'x' }],
      ['a message', { type: 'message', channel: 'api', content: 'hi', id: 'x' }],
      ['a subscription', { type: 'subscribe', events: [], id: 'x' }],
      ['an unknown type', { type: 'hello', id: 'x' }],
      ['no type', { token: 'x', id: 'x' }],
      ['no token', { type: 'auth', id: 'x' }],
      ['a token that is no text', { type: 'auth', token: 7, id: 'x' }],
      ['an empty token', { type: 'auth', token: '', id: 'x' }],
      ['a token too long', { type: 'auth', token: 'x'.repeat(257), id: 'x' }],
      ['a member too many', { type: 'auth', token: 'x', user: 'admin', id: 'x' }],
      ['a version that is no text', { type: 'auth', token: 'x', version: 1, id: 'x' }],
      ['a wrong key', { type: 'auth', token: 'ocg_wrong', id: 'x' }],
    ];
    for (const [name, frame] of table) {
      it(name, async () => {
        const client = await connect(rig);
        client.send(frame, { type: 'ping' });
        const error = await client.next();
        assert.deepEqual([error.type, error.code, error.id], ['error', 'UNAUTHORIZED', 'x']);
        assert.equal((await client.closed).code, 4401);
        assert.equal(client.frames.length, 1);
      });
    }

    it('no JSON', async () => {
      const client = await connect(rig);
      client.send('hello');
      assert.equal((await client.next()).code, 'UNAUTHORIZED');
      assert.equal((await client.closed).code, 4401);
    });

    it('bytes', async () => {
      const client = await connect(rig);
      client.socket.send(Buffer.from('{"type":"auth","token":"x"}'));
      assert.equal((await client.next()).code, 'UNAUTHORIZED');
      assert.equal((await client.closed).code, 4401);
    });
  });

  it('counts wrong keys by address, and refuses only wrong ones', async () => {
    const strict = await startRig({ authFailuresPerMinute: 2 });
    const { secret } = await strict.key();
    const wrong = async () => {
      const client = await connect(strict);
      client.send({ type: 'auth', token: 'ocg_wrong' });
      return { error: await client.next(), code: (await client.closed).code };
    };
    assert.equal((await wrong()).error.code, 'UNAUTHORIZED');
    assert.equal((await wrong()).error.code, 'UNAUTHORIZED');
    const third = await wrong();
    assert.deepEqual([third.error.code, third.code], ['RATE_LIMITED', 4429]);
    assert.ok(Number(third.error.retryAfter) >= 1);
    await enter(strict, secret);
    assert.deepEqual(strict.violations(), []);
    await strict.close();
  });

  it('may take five seconds and no longer', async () => {
    const { secret } = await rig.key();
    const silent = await connect(rig);
    const speaking = await enter(rig, secret);
    rig.clock.advance(4999);
    speaking.send({ type: 'ping' });
    await speaking.next('pong');
    assert.equal(silent.socket.readyState, silent.socket.OPEN);
    rig.clock.advance(1);
    assert.equal((await silent.next()).code, 'REQUEST_TIMEOUT');
    assert.equal((await silent.closed).code, 4408);
    speaking.send({ type: 'ping' });
    await speaking.next('pong');
  });

  it('is over once: another `auth` is refused and the connection stays who it was', async () => {
    const client = await enter(rig, (await rig.key()).secret);
    const { secret } = await rig.key({ user: 'bob' });
    client.send({ type: 'auth', token: secret, id: 'again' }, { type: 'ping' });
    const error = await client.next();
    assert.deepEqual([error.code, error.id], ['INVALID_REQUEST', 'again']);
    await client.next('pong');
  });

  describe('chooses the version', () => {
    const ok = (frame: Frame) => [frame.type, frame.version];
    const table: [path: string, header: string | undefined, version: string, want: unknown[], code?: number][] = [
      ['/ws', undefined, '2026-11-01', ['auth_ok', '2026-11-01']],
      ['/ws', '2026-11-01', '2026-11-01', ['auth_ok', '2026-11-01']],
      ['/api/v2/ws', undefined, '2026-11-01', ['auth_ok', '2026-11-01']],
      ['/ws', undefined, '2020-01-01', ['error', 'UNSUPPORTED_API_VERSION'], 4400],
      ['/ws', '2026-03-01', '2020-01-01', ['error', 'UNSUPPORTED_API_VERSION'], 4400],
      ['/ws', undefined, 'latest', ['error', 'UNSUPPORTED_API_VERSION'], 4400],
      ['/api/v1/ws', undefined, '', ['error', 'UNSUPPORTED_API_VERSION'], 4400],
      ['/api/v2/ws', undefined, '2026-03-01', ['error', 'VERSION_CONFLICT'], 4400],
      ['/ws', '2026-03-01', '2026-11-01', ['error', 'VERSION_CONFLICT'], 4400],
    ];
    for (const [path, header, version, want, code] of table) {
      it(`${path}, header ${header}, auth ${version || 'empty'} → ${want.join(' ')}`, async () => {
        const { secret } = await rig.key();
        const client = await connect(rig, path, { headers: header ? { 'x-api-version': header } : {} });
        client.send({ type: 'auth', token: secret, version });
        const frame = await client.next();
        assert.deepEqual(frame.type === 'error' ? [frame.type, frame.code] : ok(frame), want);
        if (code === undefined) return;
        assert.equal((await client.closed).code, code);
        if (want[1] === 'UNSUPPORTED_API_VERSION') assert.deepEqual(frame.supported, ['2026-03-01', '2026-11-01']);
      });
    }

    it('goes before the pin of the key', async () => {
      const { secret } = await rig.key({ apiVersion: '2026-03-01' });
      const client = await enter(rig, secret, '/ws', { version: '2026-11-01' });
      assert.equal(client.frames[0]?.version, '2026-11-01');
    });

    it('speaks of errors in the version that the path names', async () => {
      const client = await connect(rig, '/api/v2/ws');
      client.send({ type: 'ping' });
      const error = await client.next();
      assert.deepEqual(error, {
        type: 'error',
        code: 'UNAUTHORIZED',
        title: 'The key is missing or not valid',
        detail: error.detail,
        retryable: false,
      });
    });
  });

  describe('ends', () => {
    const gone = async (client: Awaited<ReturnType<typeof enter>>) => {
      const error = await client.next('error');
      assert.deepEqual([error.code, (await client.closed).code], ['UNAUTHORIZED', 4401]);
    };

    it('at once when the key is revoked, with what runs for it', async () => {
      const { key, secret } = await rig.key();
      const other = await enter(rig, (await rig.key()).secret);
      const client = await enter(rig, secret);
      rig.provider.script(async function* (call) {
        yield [{ type: 'text', text: 'begun ' }];
        await call.gate.promise;
      });
      client.send({ type: 'message', channel: 'api', content: 'x' });
      await client.next('chunk');
      await rig.gateway.keys.revoke(
        { user: 'ann', scopes: ['admin'], limits: { requestsPerMinute: 1 }, account: 'x' },
        key.id,
      );
      await gone(client);
      await until(() => rig.provider.calls[0]?.state === 'aborted');
      assert.ok(client.frames.every(({ type }) => type !== 'done'));
      other.send({ type: 'ping' });
      await other.next('pong');
    });

    it('for a secret that was rotated out, and not for the new one', async () => {
      const admin = { user: 'ann', scopes: ['admin'] as const, limits: { requestsPerMinute: 1 }, account: 'x' };
      const { key, secret } = await rig.key();
      const before = await enter(rig, secret);
      const rotated = await rig.gateway.keys.rotate(admin, key.id, 0);
      await gone(before);
      await enter(rig, rotated.secret);
    });

    it('when the grace of a rotation is over', async () => {
      const admin = { user: 'ann', scopes: ['admin'] as const, limits: { requestsPerMinute: 1 }, account: 'x' };
      const { key, secret } = await rig.key();
      const before = await enter(rig, secret);
      await rig.gateway.keys.rotate(admin, key.id, 10);
      rig.clock.advance(9000);
      before.send({ type: 'ping' });
      await before.next('pong');
      rig.clock.advance(2000);
      await gone(before);
    });

    it('within a second after the key has expired', async () => {
      const { secret } = await rig.key({ expiresAt: rig.clock.now() + 10_500 });
      const client = await enter(rig, secret);
      rig.clock.advance(10_400);
      client.send({ type: 'ping' });
      await client.next('pong');
      rig.clock.advance(1000);
      await gone(client);
    });

    it('with the first frame after the key has expired', async () => {
      const { secret } = await rig.key({ expiresAt: rig.clock.now() + 500 });
      const client = await enter(rig, secret);
      rig.clock.advance(600);
      client.send({ type: 'message', channel: 'api', content: 'late' });
      await gone(client);
      assert.equal(rig.provider.calls.length, 0);
    });
  });
});
