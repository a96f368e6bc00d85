import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryBus } from '../../src/coordination/memory/bus.ts';
import { ProviderError, type ProviderFault } from '../../src/core/errors.ts';
import { createProviderStates, type ProviderStates } from '../../src/core/provider-states.ts';
import { HandClock } from '../support/hand-clock.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createScriptedProvider } from '../support/scripted-provider.ts';

describe('the state of a provider', () => {
  let clock: HandClock;
  let states: ProviderStates;
  let told: string[];
  let probes: { signal: AbortSignal; answer(error?: unknown): void }[];

  beforeEach(() => {
    clock = new HandClock();
    probes = [];
    told = [];
    const log = createRecordingLog();
    const bus = createMemoryBus(log);
    bus.subscribe((event) => told.push(event.type === 'provider' ? `${event.name} ${event.state}` : event.type));
    const probe = (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        probes.push({ signal, answer: (error) => (error === undefined ? resolve() : reject(error)) });
      });
    const providers = [
      createScriptedProvider([], { name: 'a', probe }),
      createScriptedProvider([], { name: 'off', configured: false, probe }),
    ];
    states = createProviderStates(providers, { clock, bus, log });
  });

  const fail = (kind: ProviderFault = 'unavailable') => states.failed('a', new ProviderError(kind, 'no'));

  it('is disconnected until something is known, and unconfigured for good without a secret', () => {
    assert.deepEqual(states.all(), { a: 'disconnected', off: 'unconfigured' });
    assert.equal(states.isUp('a'), false);
    assert.equal(states.isUp('off'), false);
    assert.equal(states.isUp('nobody'), false);
  });

  it('follows real calls: degraded at once, disconnected at the third failure in a row, connected by any success', () => {
    states.succeeded('a');
    fail();
    fail('timeout');
    assert.ok(states.isUp('a'));
    fail('rate_limited');
    assert.ok(!states.isUp('a'));
    fail();
    states.succeeded('a');
    fail();
    states.succeeded('a');
    assert.deepEqual(told, ['a connected', 'a degraded', 'a disconnected', 'a connected', 'a degraded', 'a connected']);
  });

  it('counts failures in a row only', () => {
    states.succeeded('a');
    for (let round = 0; round < 5; round += 1) {
      fail();
      fail();
      assert.equal(states.all().a, 'degraded');
      states.succeeded('a');
    }
  });

  it('stays disconnected for a first failure after the start', () => {
    fail();
    assert.deepEqual([states.all().a, told], ['disconnected', []]);
  });

  const faults: [kind: ProviderFault, counts: boolean][] = [
    ['unavailable', true],
    ['rate_limited', true],
    ['timeout', true],
    ['unauthorized', true],
    ['malformed', true],
    ['invalid_request', false],
    ['unsupported_parameter', false],
    ['context_too_long', false],
    ['model_not_found', false],
  ];
  for (const [kind, counts] of faults) {
    it(`is ${counts ? '' : 'not '}touched by ${kind}`, () => {
      states.succeeded('a');
      fail(kind);
      assert.equal(states.all().a, counts ? 'degraded' : 'connected');
    });
  }

  it('says nothing of providers it does not know', () => {
    states.succeeded('nobody');
    states.failed('nobody', new ProviderError('unavailable', 'no'));
    assert.deepEqual(Object.keys(states.all()), ['a', 'off']);
  });

  describe('probes', () => {
    async function answer(error?: unknown): Promise<void> {
      probes.at(-1)?.answer(error);
      await nextTurn();
    }

    it('begin at once, for configured providers only', async () => {
      states.watch();
      assert.equal(probes.length, 1);
      await answer();
      assert.equal(clock.pending, 1, 'the next round, and no deadline of this one');
      assert.deepEqual(states.all(), { a: 'connected', off: 'unconfigured' });
    });

    it('come every 30 s while all is well, every 10 s while it is not', async () => {
      states.watch();
      await answer();
      clock.advance(29_000);
      assert.equal(probes.length, 1);
      clock.advance(1000);
      assert.equal(probes.length, 2);
      await answer(new ProviderError('unavailable', 'no'));
      clock.advance(9_999);
      assert.equal(probes.length, 2);
      clock.advance(1);
      assert.equal(probes.length, 3);
    });

    it('spare a provider that was called lately', async () => {
      states.watch();
      await answer();
      clock.advance(25_000);
      states.succeeded('a');
      clock.advance(29_999);
      assert.equal(probes.length, 1);
      clock.advance(1);
      assert.equal(probes.length, 2);
    });

    it('lead down by three failures and up by one answer', async () => {
      states.watch();
      await answer();
      clock.advance(30_000);
      await answer(new ProviderError('unavailable', 'no'));
      clock.advance(10_000);
      await answer(new Error('no ProviderError at all'));
      assert.equal(states.all().a, 'degraded');
      clock.advance(10_000);
      await answer(new ProviderError('timeout', 'no'));
      assert.equal(states.all().a, 'disconnected');
      clock.advance(10_000);
      await answer();
      assert.equal(states.all().a, 'connected');
    });

    it('are given up after 5 s', () => {
      states.watch();
      assert.equal(probes[0]?.signal.aborted, false);
      clock.advance(5000);
      assert.equal(probes[0]?.signal.reason instanceof ProviderError, true);
    });

    it('end when nobody watches any more, and leave no timer', async () => {
      const end = states.watch();
      await answer();
      end();
      clock.advance(120_000);
      assert.equal(probes.length, 1);
      assert.equal(clock.pending, 0);
    });
  });
});
