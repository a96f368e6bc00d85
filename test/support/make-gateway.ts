import { createMemoryBus } from '../../src/coordination/memory/bus.ts';
import { createMemoryLanes } from '../../src/coordination/memory/lanes.ts';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import { createGateway, type Gateway, type GatewaySettings } from '../../src/core/gateway.ts';
import { operator } from '../../src/core/keys.ts';
import type { Bus, GatewayEvent } from '../../src/core/ports/bus.ts';
import type { Channel } from '../../src/core/ports/channel.ts';
import type { Lanes } from '../../src/core/ports/lanes.ts';
import type { Provider } from '../../src/core/ports/provider.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { Principal } from '../../src/core/principal.ts';
import type { ChatRequest, Run, RunEvent } from '../../src/core/run.ts';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { HandClock } from './hand-clock.ts';
import { createRecordingLog } from './recording-log.ts';
import { createRecordingMetrics } from './recording-metrics.ts';
import { createScriptedProvider, finish, text } from './scripted-provider.ts';
import { createSeededRandom } from './seeded-random.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

export interface GatewayUnderTest {
  gateway: Gateway;
  store: Store;
  clock: HandClock;
  lanes: Lanes;
  bus: Bus;
  log: ReturnType<typeof createRecordingLog>;
  metrics: ReturnType<typeof createRecordingMetrics>;
  /** Everything the bus told. */
  told: GatewayEvent[];
  directory: string;
  close(): Promise<void>;
}

export interface GatewayOptions {
  providers?: readonly Provider[];
  channels?: readonly Channel[];
  settings?: Partial<GatewaySettings>;
  /** Something around the real store. */
  around?: (store: Store) => Store;
  /** A folder that goes on living after the gateway. */
  directory?: string;
  clock?: HandClock;
}

/** The real core on the real store, with a clock and chance of the test's own. */
export async function makeGateway(options: GatewayOptions = {}): Promise<GatewayUnderTest> {
  const temporary = options.directory === undefined ? makeTemporaryDirectory() : undefined;
  const directory = options.directory ?? temporary?.path ?? '';
  const { clock = new HandClock(), around = (store) => store } = options;
  const log = createRecordingLog();
  const metrics = createRecordingMetrics();
  const store = around(makeStore(directory, { log, metrics }));
  const bus = createMemoryBus(log);
  const told: GatewayEvent[] = [];
  bus.subscribe((event) => told.push(event));
  const lanes = createMemoryLanes();
  const gateway = await createGateway(
    {
      store,
      lanes,
      bus,
      limiter: createMemoryLimiter(clock),
      clock,
      random: createSeededRandom(),
      log,
      metrics,
      providers: options.providers ?? [createScriptedProvider([text('Hello'), text(' there'), finish])],
      channels: options.channels ?? [],
      memory: () => ({ used: 1, total: 2 }),
    },
    {
      version: '1.2.3',
      requestsPerMinute: 100,
      authFailuresPerMinute: 10,
      models: { default: 'model-a', routes: {} },
      retries: { attempts: 1, deadlineMs: 60_000 },
      history: { messages: 50, tokens: 32_000 },
      ...options.settings,
    },
  );
  return {
    gateway,
    store,
    clock,
    lanes,
    bus,
    log,
    metrics,
    told,
    directory,
    async close() {
      await gateway.close();
      temporary?.remove();
    },
  };
}

export function makeStore(
  directory: string,
  { log = createRecordingLog(), metrics = createRecordingMetrics(), recover = true, clock = systemClock } = {},
): Store {
  return createSqliteStore({ directory, clock, log, metrics, recover });
}

export const alice: Principal = { ...operator, user: 'alice', scopes: ['chat', 'sessions'], account: 'key:alice' };
export const bob: Principal = { ...alice, user: 'bob', account: 'key:bob' };

export function ask(question: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { channel: 'api', input: [{ type: 'text', text: question }], stream: true, ...more };
}

/** Starts a run and reads it to its end. */
export async function runToEnd(
  gateway: Gateway,
  request: ChatRequest,
  principal: Principal = alice,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ run: Run; events: RunEvent[] }> {
  const active = await gateway.runs.start(principal, request, { signal });
  const events = await readAll(active.events);
  const last = events.at(-1);
  if (last?.type !== 'run.completed' && last?.type !== 'run.failed') throw new Error('no terminal event');
  return { run: last.run, events };
}

export async function readAll(events: AsyncIterable<RunEvent[]>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const batch of events) all.push(...batch);
  return all;
}

export function textIn(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === 'message.delta' ? event.text : '')).join('');
}
