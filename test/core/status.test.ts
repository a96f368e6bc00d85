import assert from 'node:assert/strict';
import { GatewayError, ProviderError } from '../../src/core/errors.ts';
import { alice, ask, type GatewayUnderTest, makeGateway } from '../support/make-gateway.ts';
import { createScriptedChannel } from '../support/scripted-channel.ts';
import { createScriptedProvider } from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';

describe('status', () => {
  let under: GatewayUnderTest;
  let isWell: boolean;
  let storeWorks: boolean;
  beforeEach(async () => {
    isWell = true;
    storeWorks = true;
    const probe = async () => {
      if (!isWell) throw new ProviderError('unavailable', 'no');
    };
    under = await makeGateway({
      providers: [
        createScriptedProvider(['hang'], { name: 'a', probe }),
        createScriptedProvider([], { name: 'off', configured: false }),
      ],
      channels: [
        createScriptedChannel({ manifest: { name: 'telegram' } }),
        createScriptedChannel({ manifest: { name: 'slack' }, configured: false }),
      ],
      around: (store) => ({
        ...store,
        check: async () => {
          if (!storeWorks) throw new GatewayError('STORE_UNAVAILABLE', 'disk full');
          await store.check();
        },
      }),
    });
    await until(() => under.told.length > 0);
  });
  afterEach(() => under.close());

  it('tells uptime in whole seconds, version, and what is going on', async () => {
    const { gateway, clock } = under;
    const startedAt = clock.now();
    clock.advance(2999);
    gateway.status.connections(4);
    const abort = new AbortController();
    const active = await gateway.runs.start(alice, ask('hi'), { signal: abort.signal });
    assert.deepEqual(gateway.status.read(), {
      state: 'ok',
      version: '1.2.3',
      uptime: 2,
      startedAt,
      activeRuns: 1,
      webSockets: 4,
    });
    const reading = active.events[Symbol.asyncIterator]().next();
    abort.abort();
    await reading;
  });

  it('is ok while unconfigured providers and inactive channels are all there is to tell', async () => {
    assert.deepEqual(await under.gateway.status.health(), {
      status: 'ok',
      uptime: 0,
      version: '1.2.3',
      providers: { a: 'connected', off: 'unconfigured' },
      channels: { telegram: 'active', slack: 'inactive' },
      memory: { used: 1, total: 2 },
      store: 'ok',
    });
  });

  it('is degraded while a provider fails', async () => {
    isWell = false;
    under.clock.advance(30_000);
    await until(() => under.told.length > 1);
    const { status, providers } = await under.gateway.status.health();
    assert.deepEqual([status, providers.a], ['degraded', 'degraded']);
  });

  it('is degraded while the store does not work', async () => {
    storeWorks = false;
    const { status, store } = await under.gateway.status.health();
    assert.deepEqual([status, store], ['degraded', 'unavailable']);
    storeWorks = true;
    assert.equal((await under.gateway.status.health()).status, 'ok');
  });

  it('is draining, and not ready, once the gateway drains', async () => {
    assert.equal(under.gateway.status.ready(), true);
    await under.gateway.drain(1000);
    assert.equal(under.gateway.status.ready(), false);
    assert.equal(under.gateway.status.read().state, 'draining');
    assert.equal((await under.gateway.status.health()).status, 'draining');
  });
});
