import assert from 'node:assert/strict';
import { connect as dial } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { type Client, enter, type Frame } from './client.ts';
import { textFrame, upgradeRequest } from './raw.ts';
import { type Rig, startRig } from './rig.ts';
import { finish, type ScriptedCall, say, unavailable } from './scripted-provider.ts';

const runId = /^run_[0-9a-z]{26}$/;
const eventIds = (frames: Frame[]) => frames.map(({ eventId }) => String(eventId).split('.')[1]);
const types = (frames: Frame[]) => frames.map(({ type }) => type);

/** Says its question and waits for the test before it ends. */
async function* held({ question, gate }: ScriptedCall) {
  yield [say(question)];
  await gate.promise;
  yield [finish];
}

describe('ws: messages', () => {
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

  describe('in 2026-03-01', () => {
    it('are answered by chunks and `done`, each with session, event and id', async () => {
      client.send({ type: 'message', channel: 'api', content: 'one two', sessionId: 's1', id: 'm-1' });
      const answer = await client.answer();
      const run = String(answer[0]?.eventId).split('.')[0] ?? '';
      assert.match(run, runId);
      assert.deepEqual(answer, [
        { type: 'chunk', content: 'one ', sessionId: 's1', eventId: `${run}.2`, id: 'm-1' },
        { type: 'chunk', content: 'two', sessionId: 's1', eventId: `${run}.3`, id: 'm-1' },
        {
          type: 'done',
          usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 },
          sessionId: 's1',
          model: 'scripted',
          eventId: `${run}.4`,
          id: 'm-1',
        },
      ]);
    });

    it('with `stream: false` by `message` and `done`', async () => {
      client.send({ type: 'message', channel: 'api', content: 'one two', sessionId: 's1', stream: false, id: 'm' });
      const [said, done] = [await client.next(), await client.next()];
      assert.deepEqual([said.type, said.content, said.sessionId, said.id], ['message', 'one two', 's1', 'm']);
      assert.deepEqual([done.type, done.sessionId, done.id], ['done', 's1', 'm']);
      assert.equal(said.eventId, done.eventId);
      assert.equal(rig.provider.calls[0]?.call.stream, false);
    });

    it('without a session make one, and every frame names it', async () => {
      client.send({ type: 'message', channel: 'api', content: 'one two' });
      const answer = await client.answer();
      const sessions = new Set(answer.map(({ sessionId }) => sessionId));
      assert.equal(sessions.size, 1);
      assert.match(String([...sessions][0]), /^s-/);
      assert.ok(answer.every((frame) => !('id' in frame)));
    });

    it('go on in the session they name', async () => {
      for (const content of ['first', 'second']) {
        client.send({ type: 'message', channel: 'api', content, sessionId: 's1' });
        await client.answer();
      }
      assert.equal(rig.provider.calls[1]?.call.messages.length, 3);
    });
  });

  describe('in 2026-11-01', () => {
    beforeEach(async () => {
      client = await enter(rig, (await rig.key()).secret, '/api/v2/ws');
    });

    it('are answered by the events of the run', async () => {
      client.send({ type: 'message', input: [{ type: 'text', text: 'one two' }], sessionId: 's1', id: 'm' });
      const answer = await client.answer();
      assert.deepEqual(types(answer), ['run.started', 'message.delta', 'message.delta', 'run.completed']);
      assert.deepEqual(eventIds(answer), ['1', '2', '3', '4']);
      assert.ok(answer.every(({ sessionId, id }) => sessionId === 's1' && id === 'm'));
    });

    it('with `stream: false` by `run.completed` alone', async () => {
      client.send({ type: 'message', input: [{ type: 'text', text: 'one two' }], stream: false });
      assert.deepEqual(types(await client.answer()), ['run.completed']);
    });

    it('can call tools', async () => {
      rig.provider.script(() => [
        [{ type: 'tool_call', index: 0, id: 'call_1', name: 'weather', arguments: '' }],
        [{ type: 'tool_call', index: 0, arguments: '{}' }],
        [{ ...finish, reason: 'tool_calls' }],
      ]);
      client.send({ type: 'message', input: [{ type: 'text', text: 'x' }] });
      const answer = await client.answer();
      assert.deepEqual(types(answer), ['run.started', 'tool_call.delta', 'tool_call.delta', 'run.completed']);
      assert.equal(answer[1]?.callId, 'call_1');
    });

    it('that failed before the first chunk end with `run.failed` alone', async () => {
      rig.provider.script(() => {
        throw unavailable();
      });
      client.send({ type: 'message', input: [{ type: 'text', text: 'x' }], id: 'm' });
      assert.deepEqual(types(await client.answer('m')), ['run.failed']);
    });
  });

  describe('end with exactly one terminal frame', () => {
    it('when the provider fails before it has said anything', async () => {
      rig.provider.script(() => {
        throw unavailable();
      });
      client.send({ type: 'message', channel: 'api', content: 'x', sessionId: 's1', id: 'm' });
      const [error, ...more] = await client.answer();
      assert.deepEqual(more, []);
      assert.deepEqual(
        [error?.code, error?.sessionId, error?.id, error?.retryAfter],
        ['PROVIDER_UNAVAILABLE', 's1', 'm', 1],
      );
    });

    it('when it breaks off, with the usage so far', async () => {
      rig.provider.script(function* () {
        yield [say('one '), say('two ')];
        throw unavailable();
      });
      client.send({ type: 'message', channel: 'api', content: 'x', id: 'm' });
      const answer = await client.answer();
      assert.deepEqual(types(answer), ['chunk', 'chunk', 'error']);
      assert.deepEqual(answer[2]?.usage, { promptTokens: 1, completionTokens: 2, totalTokens: 3, estimated: true });
    });

    it('and nothing follows it, nor stays behind', async () => {
      const timers = rig.clock.pending;
      client.send({ type: 'message', channel: 'api', content: 'one two' });
      await client.answer();
      await until(() => rig.clock.pending === timers);
      client.send({ type: 'ping' });
      assert.equal((await client.next()).type, 'pong');
    });

    it('when the answer takes longer than the contract lets it', async () => {
      rig.provider.script(held);
      client.send({ type: 'message', channel: 'api', content: 'x', id: 'm' });
      await client.next('chunk');
      // Beats and their pongs alternate, lest the peer is taken for dead.
      for (let n = 0; n < 120; n += 1) {
        rig.clock.advance(5000);
        client.send({ type: 'ping', id: String(n) });
        await client.next((frame) => frame.type === 'pong' || frame.type === 'error');
      }
      const errors = client.frames.filter(({ type }) => type === 'error');
      assert.deepEqual([errors[0]?.code, errors[0]?.id, errors.length], ['PROVIDER_TIMEOUT', 'm', 1]);
      assert.equal(rig.provider.calls[0]?.state, 'aborted');
    });
  });

  it('and connections are counted among the uses of their version', async () => {
    const uses: unknown[] = [];
    rig.store.addVersionUse = async (use) => {
      uses.push(...use.map(({ version, operation, count }) => `${count} ${operation} ${version}`));
    };
    client.send({ type: 'message', channel: 'api', content: 'x' }, { type: 'message', channel: 'api' });
    await client.next('done');
    await client.next('error');
    client.send({ type: 'ping' }, { type: 'subscribe', events: ['status'] }, { type: 'subscribe' });
    await client.next('error');
    rig.clock.advance(10_000);
    await until(() => uses.length > 0);
    assert.deepEqual(uses, ['1 auth 2026-03-01', '1 message 2026-03-01', '1 subscribe 2026-03-01']);
  });

  describe('are refused', () => {
    it('in a closed session with INVALID_SESSION', async () => {
      rig.store.closeSession('ann', 's1');
      client.send({ type: 'message', channel: 'api', content: 'x', sessionId: 's1', id: 'm' });
      const [error] = await client.answer();
      assert.deepEqual([error?.code, error?.sessionId, error?.id], ['INVALID_SESSION', 's1', 'm']);
    });

    it('for an unknown model with MODEL_NOT_FOUND', async () => {
      client.send({ type: 'message', channel: 'api', content: 'x', model: 'none', id: 'm' });
      assert.deepEqual((await client.answer())[0]?.code, 'MODEL_NOT_FOUND');
    });

    it('without the scope `chat` with FORBIDDEN, and cost one all the same', async () => {
      const { key, secret } = await rig.key({ scopes: ['status'] });
      const limited = await enter(rig, secret);
      limited.send({ type: 'message', channel: 'api', content: 'x', id: 'm' });
      const [error] = await limited.answer();
      assert.deepEqual([error?.code, error?.id], ['FORBIDDEN', 'm']);
      assert.equal(rig.provider.calls.length, 0);
      assert.equal((await stateOf(rig, key.id)).remaining, 100_000 - 1);
    });

    it('over the limit with RATE_LIMITED and `retryAfter`, also when they are bad; frames of other types cost nothing', async () => {
      const { key, secret } = await rig.key({ limits: { requestsPerMinute: 3 } });
      const limited = await enter(rig, secret);
      limited.send({ type: 'ping' }, 'junk', { type: 'subscribe', events: [] }, { type: 'message', id: 'bad' });
      await limited.next((frame) => frame.id === 'bad');
      assert.equal((await stateOf(rig, key.id, 3)).remaining, 2);
      for (const id of ['a', 'b', 'c']) limited.send({ type: 'message', channel: 'api', content: 'x', id });
      assert.equal((await limited.answer('a')).at(-1)?.type, 'done');
      assert.equal((await limited.answer('b')).at(-1)?.type, 'done');
      const [error] = await limited.answer('c');
      assert.equal(error?.code, 'RATE_LIMITED');
      assert.ok(
        Number.isInteger(error?.retryAfter) && Number(error?.retryAfter) >= 1 && Number(error?.retryAfter) <= 60,
      );
      assert.equal(rig.provider.calls.length, 2);
      assert.equal(rig.counted.rateLimited, 1);
    });

    it('exactly beyond the limit, of many at once', async () => {
      const { secret } = await rig.key({ limits: { requestsPerMinute: 100 } });
      const limited = await enter(rig, secret);
      for (let n = 0; n < 150; n += 1) limited.send({ type: 'message', channel: 'api', content: 'x', id: `${n}` });
      const last: Frame[] = [];
      for (let n = 0; n < 150; n += 1) last.push(...(await limited.answer(`${n}`)).slice(-1));
      assert.equal(last.filter(({ type }) => type === 'done').length, 100);
      assert.equal(last.filter(({ code }) => code === 'RATE_LIMITED').length, 50);
    });
  });

  describe('several at once', () => {
    it('run side by side in different sessions', async () => {
      rig.provider.script(held);
      for (const id of ['a', 'b', 'c']) {
        client.send({ type: 'message', channel: 'api', content: id, sessionId: id, id });
      }
      await until(() => rig.provider.calls.length === 3);
      rig.provider.calls[2]?.gate.resolve();
      assert.equal((await client.answer('c')).at(-1)?.type, 'done');
      for (const { gate } of rig.provider.calls) gate.resolve();
      assert.equal((await client.answer('a')).at(-1)?.sessionId, 'a');
      assert.equal((await client.answer('b')).at(-1)?.sessionId, 'b');
    });

    it('keep their order in one session, even where admission is not as quick for each', async () => {
      const { limits } = rig.gateway;
      const admit = limits.admit;
      let slow = Promise.withResolvers<void>();
      const first = slow;
      rig.gateway.limits.admit = async (principal) => {
        const wait = slow;
        slow = { ...slow, promise: Promise.resolve() };
        await wait.promise;
        return admit(principal);
      };
      for (let n = 0; n < 5; n += 1) {
        client.send({ type: 'message', channel: 'api', content: `q${n}`, sessionId: 's', id: `${n}` });
      }
      client.send({ type: 'ping' });
      await client.next('pong');
      first.resolve();
      for (let n = 0; n < 5; n += 1) await client.answer(`${n}`);
      assert.deepEqual(
        rig.provider.calls.map(({ question }) => question),
        ['q0', 'q1', 'q2', 'q3', 'q4'],
      );
    });

    it('are at most 128 on one socket; the next is refused, and costs one', async () => {
      const { key, secret } = await rig.key();
      const busy = await enter(rig, secret);
      rig.provider.script(held);
      for (let n = 0; n < 129; n += 1) {
        busy.send({ type: 'message', channel: 'api', content: 'x', sessionId: `s${n}`, id: `${n}` });
      }
      const [error] = await busy.answer('128');
      assert.deepEqual([error?.code, error?.retryAfter], ['RATE_LIMITED', 1]);
      assert.equal((await stateOf(rig, key.id)).remaining, 100_000 - 129);
      rig.provider.calls[0]?.gate.resolve();
      await busy.answer('0');
      busy.send({ type: 'message', channel: 'api', content: 'x', id: 'again' });
      assert.equal((await busy.next((frame) => frame.id === 'again')).type, 'chunk');
    });

    it('are at most 1 MiB on one socket', async () => {
      rig.provider.script(held);
      const content = 'x'.repeat(65_000);
      for (let n = 0; n < 17; n += 1) {
        client.send({ type: 'message', channel: 'api', content, sessionId: `s${n}`, id: `${n}` });
      }
      assert.equal((await client.answer('16'))[0]?.code, 'RATE_LIMITED');
      await until(() => rig.provider.calls.length === 16);
    });
  });

  it('of one batch leave with one system call', async () => {
    const wire = rig.wires[0];
    const write = wire?._writev?.bind(wire);
    assert.ok(wire && write);
    const calls: number[] = [];
    wire._writev = (chunks, done) => {
      calls.push(chunks.length);
      write(chunks, done);
    };
    rig.provider.script(() => [Array.from({ length: 50 }, () => say('x')), [finish]]);
    client.send({ type: 'message', channel: 'api', content: 'x' });
    assert.equal((await client.answer()).length, 51);
    // Two pieces a frame: its head and its text.
    assert.deepEqual(calls, [100, 2]);
  });

  describe('belong to their client', () => {
    it('and end with it within 100 ms, those that wait for their turn too', async () => {
      rig.provider.script(held);
      client.send({ type: 'message', channel: 'api', content: 'a', sessionId: 's' });
      client.send({ type: 'message', channel: 'api', content: 'b', sessionId: 's' });
      client.send({ type: 'message', channel: 'api', content: 'c', sessionId: 't', stream: false });
      await until(() => rig.provider.calls.length === 2);
      const begun = performance.now();
      client.socket.terminate();
      await until(() => rig.provider.calls.every(({ state }) => state === 'aborted'));
      assert.ok(performance.now() - begun < 100);
      await until(() => rig.gateway.runs.active() === 0);
      assert.equal(rig.provider.calls.length, 2);
      const codes = [...rig.store.runs.values()].map((run) => run.error?.code);
      assert.deepEqual(codes, ['CLIENT_CLOSED', 'CLIENT_CLOSED']);
      assert.deepEqual(rig.logged, []);
    });

    it('also when it says goodbye', async () => {
      rig.provider.script(held);
      client.send({ type: 'message', channel: 'api', content: 'a' });
      await client.next('chunk');
      client.socket.close(1000);
      await until(() => rig.provider.calls[0]?.state === 'aborted');
    });

    it('also when it says goodbye and does not hang up', async () => {
      rig.provider.script(async function* () {
        for (;;) {
          yield [say('on and on ')];
          await nextTurn();
        }
      });
      const raw = dial({ port: rig.port, host: '127.0.0.1', allowHalfOpen: true });
      raw.write(upgradeRequest);
      raw.resume();
      raw.write(textFrame({ type: 'auth', token: (await rig.key()).secret }));
      raw.write(textFrame({ type: 'message', channel: 'api', content: 'x' }));
      await until(() => rig.provider.calls.length === 1);
      const begun = performance.now();
      raw.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
      await until(() => rig.provider.calls[0]?.state === 'aborted');
      assert.ok(performance.now() - begun < 100);
      raw.destroy();
    });

    it('unless they were asked to outlive it', async () => {
      const newer = await enter(rig, (await rig.key()).secret, '/api/v2/ws');
      rig.provider.script(held);
      newer.send({ type: 'message', input: [{ type: 'text', text: 'x' }], resumable: true });
      const started = await newer.next('run.started');
      newer.socket.terminate();
      await until(() => rig.transport.connections() === 1);
      rig.provider.calls[0]?.gate.resolve();
      const id = String(started.eventId).split('.')[0] ?? '';
      await until(() => rig.store.runs.get(id)?.state === 'completed');
    });
  });

  describe('that break something inside', () => {
    it('get INTERNAL without a word of it; the log has the cause, and nobody else notices', async () => {
      const other = await enter(rig, (await rig.key()).secret);
      const { loadTurn } = rig.store;
      rig.store.loadTurn = async () => {
        throw new TypeError('secret detail at /home/x');
      };
      client.send({ type: 'message', channel: 'api', content: 'x', sessionId: 's', id: 'm' });
      const [error] = await client.answer('m');
      assert.equal(error?.code, 'INTERNAL');
      assert.ok(!JSON.stringify(error).includes('secret detail'));
      const [line] = rig.logged;
      assert.equal(line?.level, 'error');
      assert.ok(line.fields.error instanceof TypeError);

      rig.store.loadTurn = loadTurn;
      for (const one of [client, other]) {
        one.send({ type: 'message', channel: 'api', content: 'x', sessionId: 's', id: 'next' });
        assert.equal((await one.answer('next')).at(-1)?.type, 'done');
      }
    });

    it('get it also when a frame does not keep to the contract and the checker throws', async () => {
      const strict = await startRig({ conformance: 'strict' });
      strict.provider.script(() => [
        [say('x')],
        [{ ...finish, usage: { inputTokens: -1, outputTokens: 0, totalTokens: 0 } }],
      ]);
      const one = await enter(strict, (await strict.key()).secret);
      one.send({ type: 'message', channel: 'api', content: 'x', id: 'm' });
      const answer = await one.answer('m');
      assert.deepEqual([types(answer), answer[1]?.code], [['chunk', 'error'], 'INTERNAL']);
      assert.equal(answer[1]?.sessionId, answer[0]?.sessionId);
      await strict.close();
    });

    it('even where no frame can be sent at all the socket stays, and the log says so', async () => {
      const mute = await startRig({
        check: (_version, frame) => {
          if (!('user' in frame) && JSON.stringify(frame) !== '{"type":"pong"}') throw new Error('no');
        },
      });
      const one = await enter(mute, (await mute.key()).secret);
      one.send('junk', { type: 'message', channel: 'api', content: 'x' });
      await until(() => mute.logged.filter(({ message }) => message.includes('could not be sent')).length === 2);
      one.send({ type: 'ping' });
      await one.next('pong');
      await mute.close();
    });
  });
});

async function stateOf(rig: Rig, keyId: string, requestsPerMinute = 100_000) {
  const account = `key:${keyId}`;
  return rig.gateway.limits.stateOf({ user: 'ann', scopes: [], limits: { requestsPerMinute }, account });
}
