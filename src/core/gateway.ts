/**
 * The gateway without any way to reach it: what it can do, made from the ports it is given. It knows no HTTP, no
 * WebSocket, no SQL and no vendor.
 */
import { type Channels, createChannels } from './channels.ts';
import type { HistoryBound } from './history.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';
import { createIds } from './ids.ts';
import { createKeys, type Keys } from './keys.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLimits, type Limits } from './limits.ts';
import { createModels, type Models, type ModelsSettings } from './models.ts';
import type { Bus } from './ports/bus.ts';
import type { Channel } from './ports/channel.ts';
import type { Clock } from './ports/clock.ts';
import type { Lanes } from './ports/lanes.ts';
import type { Limiter } from './ports/limiter.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Provider } from './ports/provider.ts';
import type { Random } from './ports/random.ts';
import type { Store } from './ports/store.ts';
import type { KeyLimits } from './principal.ts';
import { createProviderStates } from './provider-states.ts';
import { createRouting, type RetrySettings } from './routing/routing.ts';
import { createRuns, type Runs } from './runs.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSpending, type Spending, type SpendingSettings } from './spending.ts';
import { createStatus, type Status } from './status.ts';
import { createVersionUse, type VersionUseCounts } from './version-use.ts';
import { createWebhooks, type Webhooks, type WebhooksSettings } from './webhooks.ts';

export interface Gateway {
  keys: Keys;
  limits: Limits;
  spending: Spending;
  ledger: Ledger;
  models: Models;
  channels: Channels;
  sessions: Sessions;
  runs: Runs;
  idempotency: Idempotency;
  status: Status;
  webhooks: Webhooks;
  versionUse: VersionUseCounts;
  bus: Bus;
  /** Refuses new work and gives what runs `graceMs` to end; then it is cut. */
  drain(graceMs: number): Promise<void>;
  /** Closes what the gateway was given. Drain first. */
  close(): Promise<void>;
}

export interface GatewayParts {
  store: Store;
  lanes: Lanes;
  bus: Bus;
  limiter: Limiter;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
  providers: readonly Provider[];
  channels: readonly Channel[];
  /** Chat platforms that are told of whether they are configured or not. */
  platforms?: readonly string[];
  memory: () => { used: number; total: number };
}

export interface GatewaySettings {
  version: string;
  adminKey?: string;
  requestsPerMinute: number;
  authFailuresPerMinute: number;
  /** Of keys that have none of their own. */
  limits?: KeyLimits;
  prices?: SpendingSettings['prices'];
  answerBounds?: SpendingSettings['answerBounds'];
  models: ModelsSettings;
  retries: RetrySettings;
  history: HistoryBound;
  /** Absent for a gateway without chat platforms. */
  webhooks?: WebhooksSettings;
}

const noPlatforms: WebhooksSettings = {
  verifySignature: true,
  retryOnFailure: true,
  principals: new Map(),
  allowed: new Map(),
};

export async function createGateway(parts: GatewayParts, settings: GatewaySettings): Promise<Gateway> {
  const { store, clock, random, providers, bus, limiter } = parts;
  await store.open(clock.now());
  const ids = createIds(clock, random);
  const states = createProviderStates(providers, parts);
  const models = createModels({ ...parts, states }, settings.models);
  const routing = createRouting({ ...parts, states }, settings.retries);
  const keys = await createKeys({ ...parts, ids }, settings);
  const channels = createChannels(parts);
  const now = () => clock.now();
  const limits = createLimits(limiter, now, settings);
  const { prices = {}, answerBounds = {}, limits: { budget } = {} } = settings;
  const spending = createSpending({ limits, store, now }, { prices, answerBounds, ...(budget ? { budget } : {}) });
  const runs = createRuns({ ...parts, ids, models, routing, spending, history: settings.history });
  const status = createStatus({ ...parts, states, models, channels, runs, version: settings.version });
  const webhooks = createWebhooks({ ...parts, ids, runs, limits, states: channels }, settings.webhooks ?? noPlatforms);
  if (parts.channels.some(({ configured }) => configured)) webhooks.start();
  const versionUse = createVersionUse(parts);
  const unwatch = states.watch();

  return {
    keys,
    limits,
    spending,
    ledger: createLedger(store),
    models,
    channels,
    sessions: createSessions({ ...parts, ids }),
    runs,
    idempotency: createIdempotency(parts),
    status,
    webhooks,
    versionUse,
    bus,
    async drain(graceMs) {
      status.beginDraining();
      await Promise.all([webhooks.stop(graceMs), runs.drain(graceMs)]);
    },
    async close() {
      unwatch();
      keys.close();
      await versionUse.close();
      await Promise.all([...providers, ...parts.channels].map((part) => part.close()));
      await store.close();
    },
  };
}
