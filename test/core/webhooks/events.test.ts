import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/core/errors.ts';
import { operator } from '../../../src/core/keys.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createScriptedProvider, finish, type Script, text } from '../../support/scripted-provider.ts';
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts';
import { until } from '../../support/until.ts';
import { makeWebhooks, type WebhooksOptions, type WebhooksUnderTest } from './under-test.ts';

const fine = [text('fine'), finish];

describe('working on events', () => {
  let under: WebhooksUnderTest;
  let provider: ReturnType<typeof createScriptedProvider>;
  const make = async (script: Script, options?: WebhooksOptions) => {
    provider = createScriptedProvider(script);
    under = await makeWebhooks({ ...options, providers: [provider] });
  };
  afterEach(() => under.close());

  const asked = () =>
    provider.calls.map(({ call }) =>
      call.messages
        .at(-1)
        ?.parts.map((part) => (part.type === 'text' ? part.text : ''))
        .join(),
    );

  it('makes a session of a conversation, with a user and a bill of its own', async () => {
    await make(fine);
    await under.push({ conversation: '-100:5', text: 'one' });
    await under.rest();
    await under.push({ conversation: '-100:5', text: 'two' });
    await under.rest();
    const found = await under.store.loadTurn('bot', 'scripted:-100:5', 9);
    assert.equal(found?.history.length, 4);
    const id = await under.push({ conversation: 'weird / name'.repeat(20) });
    await under.rest();
    assert.equal((await under.event(id)).state, 'answered');
    assert.equal((await under.store.listSessions('bot', { limit: 9 })).items.length, 2);
    const { runId = '' } = await under.event(id);
    assert.equal((await under.store.getRun('bot', runId))?.channel, 'scripted');
    assert.equal(await under.store.getRun(operator.user, runId), null);
  });

  it('keeps the order within a conversation while others go on', async () => {
    const held = Promise.withResolvers<void>();
    await make((call) =>
      call.messages.at(-1)?.parts.some((part) => part.type === 'text' && part.text === 'slow')
        ? [{ wait: held.promise }, ...fine]
        : fine,
    );
    await under.push({ conversation: 'a', text: 'slow' });
    await under.push({ conversation: 'a', text: 'after' });
    await under.push({ conversation: 'b', text: 'beside' });
    await under.rest();
    assert.deepEqual(asked(), ['slow', 'beside']);
    held.resolve();
    await until(() => under.channel.shown().length === 3);
    assert.deepEqual(asked(), ['slow', 'beside', 'after']);
  });

  it('keeps the tries of an event while nobody can be asked', async () => {
    let works = false;
    await make(() => (works ? fine : [{ fail: 'unavailable' }]));
    const first = await under.push();
    await under.rest();
    await under.pass(60_000);
    assert.equal((await under.event(first)).state, 'parked', 'five tries, and the way to the provider is closed');
    const second = await under.push();
    await under.rest();
    // One probe was let through; from then on nobody is asked, and that counts for nothing.
    await under.pass(20_000);
    const { state, attempts } = await under.event(second);
    assert.deepEqual([state, attempts, provider.calls.length], ['pending', 1, 6]);
    works = true;
    await under.pass(300_000);
    assert.equal((await under.event(second)).state, 'answered');
  });

  it('tries again after longer and longer, parks after the fifth, and answers when replayed', async () => {
    let works = false;
    await make(() => (works ? fine : [{ fail: 'invalid_request' }]));
    const id = await under.push();
    const other = await under.push();
    await under.rest();
    assert.equal((await under.event(id)).attempts, 1);
    await under.pass(60_000);
    const { state, attempts, error } = await under.event(id);
    assert.deepEqual({ state, attempts, error }, { state: 'parked', attempts: 5, error: 'INVALID_REQUEST' });
    await under.pass(60_000);
    assert.deepEqual([(await under.event(other)).state, (await under.event(other)).attempts], ['parked', 5]);
    assert.equal(provider.calls.length, 10);
    works = true;
    await under.gateway.webhooks.replay(operator, id);
    await under.rest();
    assert.equal((await under.event(id)).state, 'answered');
    assert.deepEqual(under.channel.shown(), ['<fine>']);
  });

  it('parks at once when failures are not to be tried again', async () => {
    await make([{ fail: 'malformed' }], { retryOnFailure: false });
    const id = await under.push();
    await under.rest();
    assert.equal((await under.event(id)).state, 'parked');
    assert.equal(provider.calls.length, 1);
  });

  it('keeps nothing of a try that failed half way', async () => {
    await make((_, index) => (index === 0 ? [text('half'), { fail: 'unavailable' }] : fine));
    await under.push({ text: 'once' });
    await under.pass(30_000);
    const found = await under.store.loadTurn('bot', 'scripted:home', 9);
    assert.deepEqual(
      found?.history.map(({ role }) => role),
      ['user', 'assistant'],
    );
    assert.deepEqual(under.channel.shown(), ['<fine>']);
  });

  it('waits for its limit without losing a try', async () => {
    await make(fine, { principal: { limits: { requestsPerMinute: 1 } } });
    await under.push({ conversation: 'a' });
    await under.rest();
    const id = await under.push({ conversation: 'b' });
    await under.rest();
    const { state, attempts, error, dueAt } = await under.event(id);
    assert.deepEqual({ state, attempts, error }, { state: 'pending', attempts: 0, error: 'RATE_LIMITED' });
    assert.ok(dueAt > under.clock.now());
    assert.equal(provider.calls.length, 1);
  });

  it('does not wait for ever with what no window has room for', async () => {
    await make(fine, { principal: { limits: { requestsPerMinute: 1000, tokensPerMinute: 100 } } });
    const id = await under.push({ text: 'hello' });
    for (let tries = 0; tries < 5; tries += 1) await under.pass(300_000);
    const { state, attempts, error } = await under.event(id);
    assert.deepEqual({ state, attempts, error }, { state: 'parked', attempts: 5, error: 'RATE_LIMITED' });
    assert.equal(provider.calls.length, 0);
  });

  it('keeps what a stop cut, and the next life answers it', async () => {
    const folder = makeTemporaryDirectory();
    await make(['hang'], { directory: folder.path });
    const id = await under.push();
    await until(() => provider.open() === 1);
    const { clock } = under;
    await under.close();
    await make(fine, { directory: folder.path, clock });
    await under.pass(1000);
    const { state, interruptions } = await under.event(id);
    assert.deepEqual({ state, interruptions }, { state: 'answered', interruptions: 0 });
    assert.deepEqual(under.channel.shown(), ['<fine>']);
    await under.close();
    folder.remove();
    await make(fine);
  });

  it('parks what ten processes ended with', async () => {
    await make(['hang'], {
      around: (store) => ({
        ...store,
        claimEvents: async (channel, now, limit) =>
          (await store.claimEvents(channel, now, limit)).map((event) => ({ ...event, interruptions: 10 })),
      }),
    });
    const id = await under.push();
    await under.rest();
    const { state, error } = await under.event(id);
    assert.deepEqual({ state, error }, { state: 'parked', error: 'INTERRUPTED' });
    assert.equal(provider.calls.length, 0);
  });

  it('settles when the store works again, and asks the model once more for what was not stored', async () => {
    let works = true;
    const unless = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      if (!works) throw new GatewayError('STORE_UNAVAILABLE', 'The disk is full.');
      return work();
    };
    await make(
      () => {
        works = provider.calls.length > 1;
        return fine;
      },
      {
        around: (store: Store) => ({
          ...store,
          finishTurn: (turn) => unless(() => store.finishTurn(turn)),
          settleEvent: (id, outcome) => unless(() => store.settleEvent(id, outcome)),
        }),
      },
    );
    const id = await under.push();
    await under.pass(5000);
    assert.equal((await under.event(id)).state, 'processing');
    works = true;
    await under.pass(5000);
    const { state, attempts } = await under.event(id);
    assert.deepEqual({ state, attempts }, { state: 'answered', attempts: 1 });
    assert.deepEqual(under.channel.shown(), ['<fine>']);
  });
});
