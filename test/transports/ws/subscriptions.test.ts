import assert from 'node:assert/strict';
import { defaultVersion } from '../../../src/versions/index.ts';
import type { Version } from '../../../src/versions/version.ts';
import { until } from '../../support/until.ts';
import { type Client, enter, type Frame } from './client.ts';
import { type Rig, startRig } from './rig.ts';
import { unavailable } from './scripted-provider.ts';

describe('ws: subscriptions', () => {
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

  async function listen(events: string[], path = '/api/v1/ws', key = secret): Promise<Client> {
    const client = await enter(rig, key, path);
    client.send({ type: 'subscribe', events });
    assert.deepEqual(await client.next(), { type: 'subscribed', events });
    client.frames.length = 0;
    return client;
  }

  /** Everything that has come, once what was sent before has been delivered. */
  async function newsOf(client: Client): Promise<Frame[]> {
    client.send({ type: 'ping', id: 'end of news' });
    await client.next((frame) => frame.id === 'end of news');
    return client.frames.filter(({ type }) => type !== 'pong');
  }

  /** As REST or another socket would. */
  async function chat(content: string, sessionId = 's1', key = secret): Promise<void> {
    const client = await enter(rig, key);
    client.send({ type: 'message', channel: 'api', content, sessionId });
    await client.answer();
    await client.close();
  }

  it('tell of question and answer in the same user’s sessions, whoever asked', async () => {
    const listener = await listen(['message']);
    await chat('hello you', 's7');
    const [question, answer, ...more] = await newsOf(listener);
    assert.deepEqual(more, []);
    assert.deepEqual(question, {
      type: 'message',
      content: 'hello you',
      sessionId: 's7',
      role: 'user',
      messageId: question?.messageId,
    });
    assert.deepEqual([answer?.content, answer?.role, answer?.sessionId], ['hello you', 'assistant', 's7']);
  });

  it('tell in the shape of each listener’s version', async () => {
    const [older, newer] = [await listen(['message']), await listen(['message'], '/api/v2/ws')];
    await chat('hi');
    assert.equal((await newsOf(older))[0]?.content, 'hi');
    const [question] = await newsOf(newer);
    assert.deepEqual(Object.keys(question ?? {}).sort(), ['message', 'sessionId', 'type']);
  });

  it('tell of the runs of the same user', async () => {
    const listener = await listen(['status']);
    await chat('hi', 's7');
    const states = (await newsOf(listener)).map(({ type, run }) => ({ type, run }));
    const id = JSON.parse(JSON.stringify(states[0]?.run)).id;
    assert.deepEqual(states, [
      { type: 'status', run: { id, sessionId: 's7', state: 'running' } },
      { type: 'status', run: { id, sessionId: 's7', state: 'completed' } },
    ]);
  });

  it('tell of failed runs as failed, and of no message that was never said', async () => {
    const listener = await listen(['status', 'message']);
    rig.provider.script(() => {
      throw unavailable();
    });
    await chat('hi');
    const news = await newsOf(listener);
    assert.deepEqual(
      news.flatMap(({ run }) => (run ? [JSON.parse(JSON.stringify(run)).state] : [])),
      ['running', 'failed'],
    );
    assert.ok(news.every(({ type }) => type !== 'message'));
  });

  it('tell the socket that asked of the state of its run, and not of what it has said and heard already', async () => {
    const [asking, other] = [await listen(['message', 'status']), await listen(['message', 'status'])];
    asking.send({ type: 'message', channel: 'api', content: 'one', sessionId: 's' });
    await asking.next('done');
    const types = (await newsOf(asking)).map(({ type }) => type);
    assert.deepEqual(types, ['status', 'chunk', 'status', 'done']);
    assert.deepEqual(
      (await newsOf(other)).map(({ type }) => type),
      ['status', 'message', 'message', 'status'],
    );
    await chat('two');
    assert.equal((await newsOf(asking)).filter(({ type }) => type === 'message').length, 2);
  });

  it('tell nobody of another user’s', async () => {
    const listener = await listen(['message', 'status'], '/ws', (await rig.key({ user: 'bob' })).secret);
    await chat('secret');
    assert.deepEqual(await newsOf(listener), []);
  });

  it('tell of providers and channels only those with the scope `status`', async () => {
    const scoped = await listen(['status'], '/ws', (await rig.key({ scopes: ['status'], user: 'bob' })).secret);
    const unscoped = await listen(['status'], '/ws', (await rig.key({ scopes: ['chat'] })).secret);
    const deaf = await listen(['message']);
    rig.bus.publish({ type: 'provider', name: 'openai', state: 'degraded' });
    rig.bus.publish({ type: 'channel', name: 'telegram', state: 'error' });
    assert.deepEqual(await newsOf(scoped), [
      { type: 'status', provider: { name: 'openai', state: 'degraded' } },
      { type: 'status', channel: { name: 'telegram', state: 'error' } },
    ]);
    assert.deepEqual(await newsOf(unscoped), []);
    assert.deepEqual(await newsOf(deaf), []);
  });

  it('replace one another, and an empty one ends them', async () => {
    const listener = await listen(['message']);
    listener.send({ type: 'subscribe', events: ['status'] });
    await listener.next('subscribed');
    await chat('hi');
    assert.ok((await newsOf(listener)).every(({ type }) => type !== 'message'));
    listener.send({ type: 'subscribe', events: [] });
    await listener.next('subscribed');
    const before = listener.frames.length;
    await chat('hi');
    assert.equal((await newsOf(listener)).length, before - 1 + 0);
  });

  it('that a bad frame asks for leave the old one as it was', async () => {
    const listener = await listen(['message']);
    listener.send({ type: 'subscribe', events: ['everything'] });
    await listener.next('error');
    await chat('hi');
    assert.equal((await newsOf(listener)).filter(({ type }) => type === 'message').length, 2);
  });

  it('make their frame once a version, and not at all when their sockets have gone', async () => {
    let made = 0;
    const said: Version['frames']['said'] = (sessionId, message) => {
      made += 1;
      return defaultVersion.frames.said(sessionId, message);
    };
    await rig.close();
    rig = await startRig({ versions: [{ ...defaultVersion, frames: { ...defaultVersion.frames, said } }] });
    ({ secret } = await rig.key());
    const listeners = [await listen(['message']), await listen(['message'])];
    await chat('hi');
    for (const listener of listeners) assert.equal((await newsOf(listener)).length, 2);
    assert.equal(made, 2);
    for (const listener of listeners) await listener.close();
    await until(() => rig.transport.connections() === 0);
    await chat('hi');
    assert.equal(made, 2);
  });

  it('listen to the bus once, however many they are', async () => {
    const before = rig.listeners();
    await Promise.all(Array.from({ length: 20 }, () => listen(['message'])));
    assert.equal(rig.listeners(), before);
  });
});
