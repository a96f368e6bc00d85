import type { ChannelState, Channels } from './channels.ts';
import type { Models } from './models.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import type { ProviderState, ProviderStates } from './provider-states.ts';
import type { Runs } from './runs.ts';

/** How the gateway is, for probes, operators and the curious. */
export interface Status {
  /** False once the gateway drains: no new work. */
  ready(): boolean;
  read(): ServiceStatus;
  /** Asks the store, and tells what is known of the rest. */
  health(): Promise<DetailedHealth>;
  beginDraining(): void;
  /** Transports tell how many connections they hold. */
  connections(count: number): void;
}

export interface ServiceStatus {
  state: 'ok' | 'draining';
  version: string;
  /** Whole seconds. */
  uptime: number;
  startedAt: number;
  activeRuns: number;
  webSockets: number;
}

export interface DetailedHealth {
  status: 'ok' | 'degraded' | 'draining';
  uptime: number;
  version: string;
  providers: Record<string, ProviderState>;
  channels: Record<string, ChannelState>;
  /** Bytes. */
  memory: { used: number; total: number };
  store: 'ok' | 'unavailable';
}

export interface StatusParts {
  clock: Clock;
  store: Store;
  states: ProviderStates;
  models: Models;
  channels: Channels;
  runs: Runs;
  /** Bytes that the process holds and may hold. */
  memory: () => { used: number; total: number };
  version: string;
}

export function createStatus(parts: StatusParts): Status {
  const { clock, store, states, models, channels, runs, memory, version } = parts;
  const startedAt = clock.now();
  let draining = false;
  let webSockets = 0;
  const uptime = () => Math.floor((clock.now() - startedAt) / 1000);

  async function storeState(): Promise<'ok' | 'unavailable'> {
    try {
      await store.check();
      return 'ok';
    } catch {
      return 'unavailable';
    }
  }

  /** A provider that answers but has a model that requests are kept away from is not all right. */
  function providerStates(): Record<string, ProviderState> {
    const all = states.all();
    for (const { provider, state } of models.targets()) {
      if (state !== 'closed' && all[provider] === 'connected') all[provider] = 'degraded';
    }
    return all;
  }

  return {
    ready: () => !draining,
    read: () => ({
      state: draining ? 'draining' : 'ok',
      version,
      uptime: uptime(),
      startedAt,
      activeRuns: runs.active(),
      webSockets,
    }),
    async health() {
      const stored = await storeState();
      const providers = providerStates();
      const channelStates = channels.states();
      const broken =
        stored === 'unavailable' ||
        Object.values(providers).some((state) => state === 'degraded' || state === 'disconnected') ||
        Object.values(channelStates).includes('error');
      return {
        status: draining ? 'draining' : broken ? 'degraded' : 'ok',
        uptime: uptime(),
        version,
        providers,
        channels: channelStates,
        memory: memory(),
        store: stored,
      };
    },
    beginDraining() {
      draining = true;
    },
    connections(count) {
      webSockets = count;
    },
  };
}
