/**
 * A gateway in memory behind a real HTTP server on loopback, with a clock that stands still until a test turns it, a
 * provider that says what a test tells it, and the contract's own checker on every frame that leaves.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { createMemoryBus } from '../../../src/coordination/memory/bus.ts';
import { createMemoryLanes } from '../../../src/coordination/memory/lanes.ts';
import { createMemoryLimiter } from '../../../src/coordination/memory/limiter.ts';
import { createGateway, type Gateway } from '../../../src/core/gateway.ts';
import { type NewKey, operator } from '../../../src/core/keys.ts';
import type { Bus } from '../../../src/core/ports/bus.ts';
import type { Log, LogFields } from '../../../src/core/ports/log.ts';
import type { Metrics } from '../../../src/core/ports/metrics.ts';
import type { StoredKey } from '../../../src/core/ports/store.ts';
import { createSystemRandom } from '../../../src/system/random.ts';
import {
  createWebSocketTransport,
  type WebSocketSettings,
  type WebSocketTransport,
} from '../../../src/transports/ws/index.ts';
import { type ConformanceMode, createConformance } from '../../../src/versions/conformance.ts';
import { loadContract } from '../../../src/versions/contract.ts';
import { defaultVersion, versions } from '../../../src/versions/index.ts';
import { createNegotiate } from '../../../src/versions/negotiate.ts';
import type { Version } from '../../../src/versions/version.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { createScriptedProvider, type ScriptedProvider } from './scripted-provider.ts';

export interface Rig {
  gateway: Gateway;
  transport: WebSocketTransport;
  clock: HandClock;
  provider: ScriptedProvider;
  store: MemoryStore;
  bus: Bus;
  /** What went to the log at `warn` and above. */
  logged: { level: string; message: string; fields: LogFields }[];
  counted: { frames: string[]; connections: number[]; rateLimited: number };
  /** The sockets below the WebSockets, on the gateway's side, in the order they came. */
  wires: Duplex[];
  /** How many callbacks the transport has at the gateway. */
  listeners(): number;
  /** Frames that did not keep to the contract. */
  violations(): unknown[];
  port: number;
  url: string;
  /** Makes a key of the user `ann` with every scope, unless told otherwise. */
  key(wanted?: Partial<NewKey>): Promise<{ key: StoredKey; secret: string }>;
  close(): Promise<void>;
}

export interface RigOptions {
  settings?: Partial<WebSocketSettings>;
  versions?: readonly Version[];
  authFailuresPerMinute?: number;
  conformance?: ConformanceMode;
  /** In place of the contract's checker. */
  check?: (version: Version, frame: object) => void;
}

const contract = await loadContract(versions);
const negotiateUsual = createNegotiate(versions, defaultVersion, Date.now);

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const clock = new HandClock();
  const random = createSystemRandom();
  const provider = createScriptedProvider();
  const store = createMemoryStore();
  const logged: Rig['logged'] = [];
  const counted: Rig['counted'] = { frames: [], connections: [], rateLimited: 0 };
  const log = createLog(logged);
  const metrics = createMetrics(counted);
  const bus = createMemoryBus(log);
  const conformance = await createConformance(versions, options.conformance ?? 'report', log, metrics);
  const gateway = await createGateway(
    {
      store,
      clock,
      random,
      log,
      metrics,
      bus,
      lanes: createMemoryLanes(),
      limiter: createMemoryLimiter(clock),
      providers: [provider],
      channels: [],
      memory: () => ({ used: 1, total: 2 }),
    },
    {
      version: '0.0.0',
      requestsPerMinute: 100_000,
      authFailuresPerMinute: options.authFailuresPerMinute ?? 10,
      models: { default: 'scripted', routes: {} },
      retries: { attempts: 1, deadlineMs: 60_000 },
      history: { messages: 100, tokens: 100_000 },
    },
  );
  const negotiate = options.versions
    ? createNegotiate(options.versions, options.versions[0] ?? defaultVersion, () => clock.now())
    : negotiateUsual;
  const frame = options.check ?? conformance.frame;
  const listeners = countListeners(gateway);
  const transport = createWebSocketTransport(
    { gateway, contract, negotiate, clock, random, log, metrics, conformance: { frame } },
    { origins: ['https://chat.example.com'], ...options.settings },
  );
  const server = createServer(
    { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    (_request, response) => response.writeHead(418).end(),
  );
  const wires: Duplex[] = [];
  server.on('upgrade', (request, wire, head) => {
    wires.push(wire);
    transport.upgrade(request, wire, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    gateway,
    transport,
    clock,
    provider,
    store,
    bus,
    logged,
    counted,
    wires,
    listeners,
    violations: () => conformance.report().violations,
    port,
    url: `ws://127.0.0.1:${port}`,
    key: (wanted = {}) => gateway.keys.create(operator, { name: 'test', user: 'ann', scopes: ['admin'], ...wanted }),
    async close() {
      const closed = transport.close(0);
      while (transport.connections() > 0) {
        clock.advance(1000);
        await new Promise(setImmediate);
      }
      await closed;
      server.close();
      server.closeAllConnections();
      await gateway.close();
    },
  };
}

/** Counts those who listen to keys and bus from now on. */
function countListeners({ keys, bus }: Gateway): () => number {
  let count = 0;
  const counted = (end: () => void) => {
    count += 1;
    return () => {
      count -= 1;
      end();
    };
  };
  const { onChange } = keys;
  const { subscribe } = bus;
  keys.onChange = (listener) => counted(onChange(listener));
  bus.subscribe = (listener) => counted(subscribe(listener));
  return () => count;
}

function createLog(logged: Rig['logged']): Log {
  const quiet = () => {};
  const log: Log = {
    debug: quiet,
    info: quiet,
    warn: (fields, message) => logged.push({ level: 'warn', message, fields }),
    error: (fields, message) => logged.push({ level: 'error', message, fields }),
    with: () => log,
  };
  return log;
}

function createMetrics(counted: Rig['counted']): Metrics {
  const ignore = () => {};
  return {
    httpRequest: ignore,
    webSocketFrame: ({ type, version }) => counted.frames.push(`${type} ${version}`),
    webSocketConnections: (count) => counted.connections.push(count),
    runStarted: ignore,
    runEnded: ignore,
    firstToken: ignore,
    tokens: ignore,
    providerCall: ignore,
    targetAvoided: ignore,
    rateLimited: () => {
      counted.rateLimited += 1;
    },
    storeCommit: ignore,
    storeFault: ignore,
    conformanceViolation: ignore,
  };
}
