/** Until the provider's first piece a failure is an HTTP error; after it, exactly one terminal event ends the stream. */
import assert from 'node:assert/strict';
import { GatewayError, type ProviderFault } from '../../../src/core/errors.ts';
import { createBreakableStore } from '../../support/breakable-store.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { openStream } from '../../support/open-stream.ts';
import { scriptModels } from '../../support/script-models.ts';
import { finish, type Step, text, toolCall } from '../../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';

const faults: Record<ProviderFault, [status: number, code: string]> = {
  unavailable: [503, 'PROVIDER_UNAVAILABLE'],
  rate_limited: [503, 'PROVIDER_UNAVAILABLE'],
  timeout: [504, 'PROVIDER_TIMEOUT'],
  unauthorized: [502, 'PROVIDER_ERROR'],
  malformed: [502, 'PROVIDER_ERROR'],
  invalid_request: [400, 'INVALID_REQUEST'],
  unsupported_parameter: [400, 'UNSUPPORTED_PARAMETER'],
  context_too_long: [400, 'CONTEXT_TOO_LONG'],
  model_not_found: [404, 'MODEL_NOT_FOUND'],
};

const kinds = Object.keys(faults).filter((kind): kind is ProviderFault => Object.hasOwn(faults, kind));
const at = (place: string, kind: string) => `${place}-${kind}`;
const scripts = (place: string, before: Step[]): Record<string, Step[]> =>
  Object.fromEntries(kinds.map((kind) => [at(place, kind), [...before, { fail: kind, retryAfterMs: 7000 }]]));

describe('the commit point', () => {
  const clock = new HandClock();
  let gateway: TestGateway;
  let resume = Promise.withResolvers<void>();

  before(async () => {
    const { parts, settings } = scriptModels({
      steady: [text('fine'), finish],
      ...scripts('first', []),
      ...scripts('later', [text('so ')]),
      tools: [toolCall('call_1'), { fail: 'malformed' }],
      broken: [{ throw: new Error('secret words') }],
      'broken-later': [text('so '), { throw: new Error('secret words') }],
      unfinished: [text('so ')],
      late: () => [{ wait: resume.promise }, { fail: 'unavailable' }],
    });
    const routes = {
      second: ['first-unavailable/first-unavailable', 'first-timeout/first-timeout', 'steady/steady'],
      none: ['first-unavailable/first-unavailable', 'first-rate_limited/first-rate_limited'],
      'not-after-a-piece': ['later-unavailable/later-unavailable', 'steady/steady'],
    };
    gateway = await startGateway({
      parts: { ...parts, clock },
      settings: { ...settings, models: { default: 'steady', routes } },
    });
  });
  after(() => gateway.close());
  // What failed in one test keeps no other away from its provider.
  beforeEach(() => clock.advance(300_000));

  const ask = (model: string, stream: boolean) =>
    gateway.request('POST', '/api/chat', { body: { channel: 'api', message: 'hello', model, stream } });
  const askNewest = (model: string) =>
    openStream(gateway, '/api/v2/chat', { body: { input: [{ type: 'text', text: 'hello' }], model, stream: true } });

  for (const [kind, [status, code]] of Object.entries(faults)) {
    it(`\`${kind}\` before the first piece is ${status} ${code}, streaming or not`, async () => {
      for (const stream of [true, false]) {
        const answer = await ask(at('first', kind), stream);
        assert.equal(answer.status, status);
        assert.equal(answer.body.error.code, code);
        assert.doesNotMatch(answer.text, /secret/);
        if (status === 503) assert.equal(answer.headers['retry-after'], '7');
      }
    });

    it(`\`${kind}\` after it ends the stream with ${code}`, async () => {
      const old = await openStream(gateway, '/api/chat', {
        body: { channel: 'api', message: 'hello', model: at('later', kind), stream: true },
      });
      const [first, last, ...more] = await old.all();
      clock.advance(10_000);
      assert.deepEqual([first?.data.type, last?.data.type, more.length], ['chunk', 'error', 0]);
      assert.equal(last?.data.code, code);
      assert.ok(last?.data.usage, 'with the usage known so far');
      const [started, delta, failed] = await (await askNewest(at('later', kind))).all();
      assert.deepEqual(
        [started?.data.type, delta?.data.type, failed?.data.type],
        ['run.started', 'message.delta', 'run.failed'],
      );
      assert.doesNotMatch(JSON.stringify([last, failed]), /secret/);
    });
  }

  it('without a stream there is nothing before the end, and every failure is an HTTP error', async () => {
    const answer = await ask(at('later', 'timeout'), false);
    assert.equal(answer.status, 504);
  });

  it('a piece of a tool call is a piece', async () => {
    const events = await (await askNewest('tools')).all();
    assert.deepEqual(
      events.map(({ data }) => data.type),
      ['run.started', 'tool_call.delta', 'run.failed'],
    );
  });

  it('a fault of our own is INTERNAL on either side of it, and stays inside', async () => {
    const first = await ask('broken', true);
    assert.equal(first.status, 500);
    const events = await (await askNewest('broken-later')).all();
    assert.match(JSON.stringify(events.at(-1)), /"code":"INTERNAL"/);
    assert.doesNotMatch(first.text + JSON.stringify(events), /secret/);
  });

  it('an answer that ends without its finish is a failure', async () => {
    assert.match(JSON.stringify((await (await askNewest('unfinished')).all()).at(-1)), /"run.failed"/);
  });

  it('falling back to the next candidate is silent before it', async () => {
    const stream = await askNewest('second');
    const events = await stream.all();
    assert.equal(stream.text(), 'fine');
    assert.match(JSON.stringify(events.at(-1)?.data), /"attempts":3/);
    assert.match(JSON.stringify(events.at(-1)?.data), /"provider":"steady"/);
  });

  it('there is no falling back after it', async () => {
    const stream = await askNewest('not-after-a-piece');
    assert.equal((await stream.all()).at(-1)?.data.type, 'run.failed');
    assert.equal(stream.text(), 'so ');
  });

  it('the last candidate’s failure is the answer', async () => {
    assert.equal((await ask('none', true)).status, 503);
  });

  it('after 15 s of silence the head is out, and a failure is the terminal event', async () => {
    const opening = openStream(gateway, '/api/chat', {
      body: { channel: 'api', message: 'hello', model: 'late', stream: true },
    });
    let opened = false;
    void opening.then(() => {
      opened = true;
    });
    await until(() => {
      clock.advance(1000);
      return opened;
    });
    resume.resolve();
    const stream = await opening;
    const events = await stream.all();
    assert.deepEqual(
      events.map(({ data }) => [data.type, data.code]),
      [['error', 'PROVIDER_UNAVAILABLE']],
    );
    resume = Promise.withResolvers();
  });

  it('nothing is done before it is stored', async () => {
    const store = createBreakableStore();
    const { parts, settings } = scriptModels({
      waits: () => [text('so '), { wait: resume.promise }, text('far'), finish],
    });
    const own = await startGateway({ parts: { ...parts, store }, settings });
    const stream = await openStream(own, '/api/chat', { body: { channel: 'api', message: 'hello', stream: true } });
    await stream.next();
    store.break(new GatewayError('STORE_UNAVAILABLE', 'The disk is full.'));
    resume.resolve();
    const events = await stream.all();
    assert.deepEqual(
      events.map(({ data }) => data.code ?? data.content),
      ['so ', 'far', 'STORE_UNAVAILABLE'],
    );
    store.break(undefined);
    await own.close();
  });
});
