/**
 * The one place that names concrete parts: it takes a configuration, makes stores, providers, channels and transports,
 * and puts them around the core.
 */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiVersions } from '../generated/operations.ts';
import manifest from '../package.json' with { type: 'json' };
import type { MessageToSign } from './channels/wire/message-to-sign.ts';
import {
  type AiSdkProviderConfig,
  type ChannelConfig,
  type Config,
  isLoopback,
  type Secrets,
  secretsOf,
} from './config/index.ts';
import { createMemoryBus } from './coordination/memory/bus.ts';
import { createMemoryLanes } from './coordination/memory/lanes.ts';
import { createMemoryLimiter } from './coordination/memory/limiter.ts';
import { createBudgets, type Spent } from './core/budgets.ts';
import { createGateway, type Gateway } from './core/gateway.ts';
import { createIds } from './core/ids.ts';
import { createKeys, type Keys, operator } from './core/keys.ts';
import type { Bus } from './core/ports/bus.ts';
import type { Channel, RawWebhook } from './core/ports/channel.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Lanes } from './core/ports/lanes.ts';
import type { Limiter } from './core/ports/limiter.ts';
import type { Log } from './core/ports/log.ts';
import type { Provider } from './core/ports/provider.ts';
import type { Random } from './core/ports/random.ts';
import type { Store, StoredKey } from './core/ports/store.ts';
import type { Budget } from './core/principal.ts';
import type { WebhooksSettings } from './core/webhooks.ts';
import { anthropicShape } from './dialects/anthropic/index.ts';
import { openAiShape } from './dialects/openai/index.ts';
import { handlers } from './handlers/index.ts';
import { createSqliteStore } from './storage/sqlite/index.ts';
import { systemClock } from './system/clock.ts';
import { createSystemRandom } from './system/random.ts';
import { readMemory } from './telemetry/health-probe.ts';
import { createLog, type FlushableLog } from './telemetry/log.ts';
import { createMetrics, type ReadableMetrics } from './telemetry/metrics.ts';
import { createHttpTransport } from './transports/http/index.ts';
import { createWebSocketTransport } from './transports/ws/index.ts';
import { createConformance } from './versions/conformance.ts';
import { loadContract } from './versions/contract.ts';
import { defaultVersion, versions } from './versions/index.ts';
import { createNegotiate } from './versions/negotiate.ts';

/** What is served beside our own versions, in this order: the paths of the first lie among those of the second. */
const foreign = [anthropicShape, openAiShape];

export interface GatewayServer {
  readonly gateway: Gateway;
  readonly log: FlushableLog;
  /** Begins to take connections. `key` is there when none existed and one was made: it is shown this once. */
  listen(): Promise<{ address: string; key?: string }>;
  /** Refuses new work, lets streams end within the grace, closes sockets with 1001, then everything else. */
  close(): Promise<void>;
}

/** What may be given in place of the real thing, such as a clock that a test turns. */
export interface Parts {
  clock: Clock;
  random: Random;
  log: FlushableLog;
  metrics: ReadableMetrics;
  store: Store;
  lanes: Lanes;
  bus: Bus;
  limiter: Limiter;
  providers: readonly Provider[];
  channels: readonly Channel[];
  versions: typeof versions;
}

export async function createServer(config: Config, given: Partial<Parts> = {}): Promise<GatewayServer> {
  const parts = await makeParts(config, given);
  const { log, clock } = parts;
  const gateway = await createGateway(
    { ...parts, platforms: Object.keys(config.channels), memory: readMemory },
    {
      ...limitsOf(config),
      prices: config.prices,
      answerBounds: config.answerBounds,
      version: manifest.version,
      ...(config.adminKey === undefined ? {} : { adminKey: config.adminKey }),
      models: config.models,
      retries: config.models.retries,
      history: { messages: config.sessions.historyMessages, tokens: config.sessions.historyTokens },
      webhooks: webhooksOf(config),
    },
  );
  const shapes = [...parts.versions, ...foreign];
  const contract = await loadContract(parts.versions);
  const conformance = await createConformance(shapes, config.conformance, log, parts.metrics);
  const unnamed = parts.versions.find(({ date }) => date === defaultVersion.date) ?? defaultVersion;
  const negotiate = createNegotiate(parts.versions, unnamed, () => clock.now());
  const shared = { ...parts, gateway, contract, conformance, negotiate, defaultVersion: unnamed, foreign, handlers };
  const http = await createHttpTransport(shared, {
    origins: config.origins,
    publicHealth: config.health.public,
    webhookTimeoutMs: config.webhooks.timeout,
  });
  const ws = createWebSocketTransport(shared, { origins: config.origins });
  http.on('upgrade', (request, socket, head) => ws.upgrade(request, socket, head));

  return {
    gateway,
    log,
    async listen() {
      const hasKey = config.adminKey !== undefined || gateway.keys.count() > 0;
      if (!hasKey && !isLoopback(config.host)) throw new OpenToAll(config.host);
      const address = await listenOn(http, config);
      // Only now: a key made for a start that fails would never be seen.
      const key = hasKey ? undefined : await makeFirstKey(gateway);
      log.info({ address, version: manifest.version }, 'listening');
      return { address, ...(key === undefined ? {} : { key }) };
    },
    async close() {
      const { graceMs } = config.shutdown;
      log.info({ graceMs, activeRuns: gateway.runs.active() }, 'shutting down');
      await Promise.all([gateway.drain(graceMs), ws.close(graceMs)]);
      await closeHttp(http, clock);
      await gateway.close();
      log.info({}, 'closed');
      log.flush();
    },
  };
}

/** The store of a data folder, for commands that work on it beside a running gateway. They tell errors themselves. */
export async function openStore(config: Config): Promise<Store> {
  const log = createLog({ level: 'silent' });
  const store = createSqliteStore({
    directory: config.home,
    clock: systemClock,
    log,
    metrics: createMetrics(),
    recover: false,
  });
  await store.open(systemClock.now());
  return store;
}

/** The keys of a data folder, likewise, and what they spent of their budgets. */
export async function openKeys(config: Config): Promise<OpenKeys> {
  const store = await openStore(config);
  const random = createSystemRandom();
  const parts = { store, clock: systemClock, random, ids: createIds(systemClock, random) };
  const keys = await createKeys({ ...parts, log: createLog({ level: 'silent' }) }, limitsOf(config));
  const budgets = createBudgets(store, () => systemClock.now());
  return {
    keys,
    versions: apiVersions.map(({ date }) => date),
    async budgetOf({ id, user, limits }) {
      const budget = limits.budget ?? config.limits.budget;
      return budget && { budget, spent: await budgets.spent({ keyId: id, user }, budget) };
    },
    async close() {
      keys.close();
      await store.close();
    },
  };
}

export interface OpenKeys {
  keys: Keys;
  /** What a key may be pinned to. */
  versions: readonly string[];
  /** Undefined when the key has none. */
  budgetOf(key: StoredKey): Promise<{ budget: Budget; spent: Spent } | undefined>;
  close(): Promise<void>;
}

/** A webhook as the platform would send it: to try a gateway out. `privateKey` is the seed of Discord's trial pair. */
export async function signWebhook(
  config: Config,
  channel: string,
  message: MessageToSign,
  privateKey?: string,
): Promise<RawWebhook> {
  const { telegram, discord, slack, webhook } = config.channels;
  switch (channel) {
    case 'telegram': {
      const { signTelegramMessage } = await import('./channels/telegram/index.ts');
      return signTelegramMessage(message, needed(telegram.webhookSecret, 'telegram.webhookSecret'));
    }
    case 'discord': {
      const { signDiscordMessage } = await import('./channels/discord/index.ts');
      return signDiscordMessage(
        message,
        needed(privateKey, 'the private key of the configured public key (--private-key)'),
        needed(discord.applicationId, 'discord.applicationId'),
      );
    }
    case 'slack': {
      const { signSlackMessage } = await import('./channels/slack/index.ts');
      return signSlackMessage(message, needed(slack.signingSecret, 'slack.signingSecret'));
    }
    case 'webhook': {
      const { signWebhookMessage } = await import('./channels/webhook/index.ts');
      return signWebhookMessage(message, needed(webhook.secret, 'webhook.secret'));
    }
    default:
      throw new Error(`There is no channel ${channel}. There are ${Object.keys(config.channels).join(', ')}.`);
  }
}

/** Of several secrets the first. */
function needed(value: Secrets | undefined, name: string): string {
  const first = typeof value === 'string' ? value : value?.[0];
  if (first !== undefined) return first;
  throw new Error(`Signing needs ${name}, and it is not configured.`);
}

/** Whether a provider's package is there, and what it is. Rejects when it is there and cannot be used. */
export async function lookAtPackage(
  config: Config,
  provider: AiSdkProviderConfig,
): Promise<{ specification: string } | { install: string }> {
  const options = { ...provider, secrets: secretsOf(config) };
  const { installCommand, loadVendor } = await import('./providers/ai-sdk/index.ts');
  const vendor = await loadVendor(options);
  return vendor ? { specification: vendor.specification } : { install: installCommand(options) };
}

/** Tells Telegram where to push. */
export async function setTelegramWebhookOf({ channels }: Config, url: URL): Promise<void> {
  const { setTelegramWebhook } = await import('./channels/telegram/set-webhook.ts');
  await setTelegramWebhook({ ...channels.telegram, clock: systemClock }, url);
}

/** A gateway that anybody can reach and nobody needs a key for is refused. */
export class OpenToAll extends Error {
  constructor(host: string) {
    super(
      `${host} can be reached from outside and there is no key yet. Make one first (\`npm run gateway -- keys create\`), or set GATEWAY_ADMIN_KEY.`,
    );
    this.name = 'OpenToAll';
  }
}

async function makeParts(config: Config, given: Partial<Parts>): Promise<Parts> {
  const clock = given.clock ?? systemClock;
  const random = given.random ?? createSystemRandom();
  const metrics = given.metrics ?? createMetrics();
  const log =
    given.log ??
    createLog({
      level: config.log.level,
      pretty: process.stderr.isTTY,
      color: config.log.color,
      secrets: secretsOf(config),
    });
  return {
    clock,
    random,
    metrics,
    log,
    store: given.store ?? createSqliteStore({ directory: config.home, clock, log, metrics, recover: true }),
    lanes: given.lanes ?? createMemoryLanes(),
    bus: given.bus ?? createMemoryBus(log),
    limiter: given.limiter ?? createMemoryLimiter(clock),
    providers: given.providers ?? (await makeProviders(config, clock, log)),
    channels: given.channels ?? (await makeChannels(config, clock)),
    versions: given.versions ?? versions,
  };
}

function makeProviders(config: Config, clock: Clock, log: Log): Promise<Provider[]> {
  return Promise.all(config.providers.map((provider) => makeProvider(config, provider, clock, log)));
}

async function makeProvider(
  config: Config,
  provider: Config['providers'][number],
  clock: Clock,
  log: Log,
): Promise<Provider> {
  switch (provider.type) {
    case 'echo': {
      const { createEchoProvider } = await import('./providers/echo/index.ts');
      return createEchoProvider(provider);
    }
    case 'openai': {
      const { createOpenAiProvider } = await import('./providers/openai/index.ts');
      return createOpenAiProvider({ ...provider, clock, maxAnswerBytes });
    }
    case 'anthropic': {
      const { createAnthropicProvider } = await import('./providers/anthropic/index.ts');
      return createAnthropicProvider({ ...provider, clock, maxAnswerBytes });
    }
    case 'ai-sdk': {
      const { createAiSdkProvider } = await import('./providers/ai-sdk/index.ts');
      return createAiSdkProvider({ ...provider, clock, maxAnswerBytes, log, secrets: secretsOf(config) });
    }
  }
}

/** Of one answer. More is not an answer but a fault. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** Only those that are configured are loaded at all: each brings its platform's words, and the first of them a renderer. */
async function makeChannels({ channels }: Config, clock: Clock): Promise<Channel[]> {
  const { telegram, discord, slack, webhook } = channels;
  const made: Channel[] = [];
  if (telegram.configured) {
    const { createTelegramChannel } = await import('./channels/telegram/index.ts');
    made.push(createTelegramChannel({ ...telegram, clock }));
  }
  if (discord.configured) {
    const { createDiscordChannel } = await import('./channels/discord/index.ts');
    made.push(createDiscordChannel({ ...discord, clock }));
  }
  if (slack.configured) {
    const { createSlackChannel } = await import('./channels/slack/index.ts');
    made.push(createSlackChannel({ ...slack, clock }));
  }
  if (webhook.configured) {
    const { createWebhookChannel } = await import('./channels/webhook/index.ts');
    made.push(createWebhookChannel({ ...webhook, clock }));
  }
  return made;
}

function limitsOf({ limits: { requestsPerMinute, authFailuresPerMinute, ...limits } }: Config) {
  return { requestsPerMinute, authFailuresPerMinute, limits };
}

/** A platform's traffic has an owner, limits and a bill, as a key's has. */
function webhooksOf(config: Config): WebhooksSettings {
  const channels: [string, ChannelConfig][] = Object.entries(config.channels);
  return {
    ...config.webhooks,
    principals: new Map(
      channels.map(([name, { user, scopes, limits }]) => [name, { user, scopes, limits, account: `channel:${name}` }]),
    ),
    allowed: new Map(channels.map(([name, { allow }]) => [name, allow ?? []])),
  };
}

async function makeFirstKey(gateway: Gateway): Promise<string> {
  const { secret } = await gateway.keys.create(operator, { name: 'admin', user: 'admin', scopes: ['admin'] });
  return secret;
}

function listenOn(http: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      // A server that listens on TCP has an address of this kind.
      const { port: actual, family } = http.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${host}]` : host}:${actual}`);
    });
  });
}

/** Answers that are under way get a moment; a client that keeps its connection open does not keep us. */
function closeHttp(http: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(1000, () => http.closeAllConnections());
    http.close(() => {
      timer.cancel();
      resolve();
    });
    http.closeIdleConnections();
  });
}
