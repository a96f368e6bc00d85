/** Clients that go while they are answered: the provider hears of it at once, and nothing of them is left behind. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { createMemoryLanes } from '../../src/coordination/memory/lanes.ts';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { until } from '../support/until.ts';

const aborts = 1000;
const atOnce = 25;

describe('clients that leave', () => {
  let fake: FakeProvider;
  let gateway: TestGateway;
  let timers = 0;

  before(async () => {
    fake = await startFakeProvider();
    const clock = {
      now: systemClock.now,
      after(ms: number, callback: () => void) {
        timers += 1;
        let isSet = true;
        const done = () => {
          if (isSet) timers -= 1;
          isSet = false;
        };
        const timer = systemClock.after(ms, () => {
          done();
          callback();
        });
        return {
          cancel() {
            done();
            timer.cancel();
          },
        };
      },
    };
    const local = { type: 'openai', baseUrl: fake.openaiUrl, models: ['fake-h0', 'fake-c50-i50', 'gpt-4o'] };
    gateway = await startGateway({
      settings: { providers: { local } },
      parts: { clock, lanes: createMemoryLanes(), limiter: createMemoryLimiter(clock) },
    });
  });
  after(async () => {
    await gateway.close();
    await fake.close();
  });

  it('end their call of the provider within 100 ms, streaming or not, before the first piece and after it', async () => {
    const key = await gateway.makeKey();
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
    for (const [model, stream] of [
      ['fake-h0', false],
      ['fake-h0', true],
      ['fake-c50-i50', true],
    ] as const) {
      const abort = new AbortController();
      const before = fake.requests.length;
      const asked = client.chat.completions
        .create({ model, stream, messages: [{ role: 'user', content: 'hello' }] }, { signal: abort.signal })
        .then(async (answer) => {
          if (!(Symbol.asyncIterator in answer)) return;
          for await (const _ of answer) abort.abort();
        });
      const request = await fake.received(before + 1);
      if (model === 'fake-h0') abort.abort();
      await assert.rejects(asked, OpenAI.APIUserAbortError).catch(() => {});
      const leftAt = performance.now();
      const { aborted } = await request.closed;
      assert.ok(aborted, model);
      assert.ok(performance.now() - leftAt < 100, `${model}: ${performance.now() - leftAt} ms`);
    }
  });

  it(`leave no socket, timer, lane or place of a limit behind, ${aborts} of them`, async () => {
    const limits = { concurrentRuns: atOnce, tokensPerMinute: 1_000_000_000 };
    const key = await gateway.makeKey({ limits });
    await until(() => gateway.server.gateway.runs.active() === 0);
    const timersBefore = timers;
    let asked = 0;

    async function leaveOften(): Promise<void> {
      while (asked < aborts) {
        asked += 1;
        const stream = asked % 2 === 0;
        const abort = new AbortController();
        const answer = fetch(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'fake-h0', stream, messages: [{ role: 'user', content: 'hello' }] }),
          signal: abort.signal,
        });
        const active = asked;
        if (active % 3 === 0) await fake.received(fake.requests.length);
        abort.abort();
        await answer.catch(() => {});
      }
    }
    await Promise.all(Array.from({ length: atOnce }, leaveOften));
    await until(() => gateway.server.gateway.runs.active() === 0);
    await until(() => timers <= timersBefore + 1);
    await until(() => fake.sockets <= atOnce);

    // All places are free again: as many as there are may begin at once, and all of them are answered.
    const again = await Promise.all(Array.from({ length: atOnce }, () => chat(key, 'hello')));
    assert.deepEqual(
      again.map(({ status }) => status),
      again.map(() => 200),
    );
  });

  it('and those that stay have their words kept nowhere', async () => {
    const key = await gateway.makeKey({ user: 'quiet' });
    const words = 'words that nobody keeps';
    assert.match(await (await chat(key, words)).text(), new RegExp(words));
    const sessions = await gateway.request('GET', '/api/v2/sessions', { key });
    assert.deepEqual(sessions.body.items, []);
    const usage = await gateway.request('GET', '/api/v2/usage', { key });
    assert.equal(usage.body.items[0].runs, 1, 'who asked, and for how much, is');
    assert.ok(!JSON.stringify(gateway.logged).includes(words));
    for (const file of readdirSync(gateway.home)) {
      assert.ok(!readFileSync(join(gateway.home, file)).includes(words), file);
    }
  });

  function chat(key: string, content: string): Promise<Response> {
    return fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    });
  }
});
