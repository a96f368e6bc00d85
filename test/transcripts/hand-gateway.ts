import { operator } from '../../src/core/keys.ts';
import { createEchoProvider } from '../../src/providers/echo/index.ts';
import { HandClock } from '../support/hand-clock.ts';
import { createHandLimiter } from '../support/hand-limiter.ts';
import { createScriptedProvider, type ScriptedProvider } from '../support/scripted-provider.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createHandModels } from './hand-models.ts';

export interface HandGateway {
  gateway: TestGateway;
  clock: HandClock;
  models: ScriptedProvider;
  /** Fulfilled when nothing that a platform pushed is still to be worked on. */
  dealtWith(): Promise<void>;
  close(): Promise<void>;
}

/** A whole gateway in which nothing happens by chance or by the hour: it is the morning of the protocol's examples. */
export async function startHandGateway(): Promise<HandGateway> {
  const clock = new HandClock(Date.UTC(2026, 2, 10, 8, 30));
  const models = createHandModels(clock);
  const gateway = await startGateway({
    settings: {
      conformance: 'strict',
      limits: { requestsPerMinute: 100, authFailuresPerMinute: 10 },
      providers: { openai: { apiKey: 'none', models: models.models } },
      models: { default: 'gpt-4o' },
      channels: { telegram: { botToken: '1:none', webhookSecret: 'telegram-secret', apiRoot: 'http://127.0.0.1:9' } },
      shutdown: { graceMs: 1000 },
    },
    parts: {
      clock,
      random: createSeededRandom(),
      limiter: createHandLimiter(clock),
      providers: [
        models,
        createScriptedProvider([], { name: 'anthropic', models: ['claude-sonnet-4-5'], configured: false }),
        createEchoProvider({ name: 'echo' }),
      ],
    },
  });
  return {
    gateway,
    clock,
    models,
    async dealtWith() {
      const { webhooks } = gateway.server.gateway;
      const left = async (state: 'pending' | 'processing') =>
        (await webhooks.list(operator, { state }, { limit: 1 })).items.length;
      while ((await left('pending')) + (await left('processing')) > 0) await new Promise(setImmediate);
    },
    async close() {
      let closed = false;
      const closing = gateway.close().finally(() => {
        closed = true;
      });
      while (!closed) {
        clock.advance(1000);
        await new Promise(setImmediate);
      }
      await closing;
    },
  };
}
