import { ProviderError } from './errors.ts';
import type { Bus } from './ports/bus.ts';
import type { Clock, Timer } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Provider } from './ports/provider.ts';

/**
 * How the providers are, from real calls and, where there were none lately, from a probe in the background. A fault of
 * the request says nothing of the provider and does not count.
 */
export interface ProviderStates {
  all(): Record<string, ProviderState>;
  isUp(name: string): boolean;
  succeeded(name: string): void;
  failed(name: string, error: ProviderError): void;
  /** Probes now and from then on, until the function it returns is called. */
  watch(): () => void;
}

export type ProviderState = 'connected' | 'degraded' | 'disconnected' | 'unconfigured';

const probeEveryMs = 30_000;
const probeFailedEveryMs = 10_000;
const probeDeadlineMs = 5_000;
/** Failures in a row that make `degraded` into `disconnected`. */
const disconnectedAfter = 3;

interface Watched {
  provider: Provider;
  state: ProviderState;
  failures: number;
  checkedAt: number;
}

export function createProviderStates(
  providers: readonly Provider[],
  parts: { clock: Clock; bus: Bus; log: Log },
): ProviderStates {
  const { clock, bus, log } = parts;
  const records = new Map<string, Watched>();
  for (const provider of providers) {
    const state = provider.configured ? 'disconnected' : 'unconfigured';
    records.set(provider.name, { provider, state, failures: 0, checkedAt: Number.NEGATIVE_INFINITY });
  }

  function enter(record: Watched, state: ProviderState): void {
    if (record.state === state) return;
    log.info({ provider: record.provider.name, state, before: record.state }, 'provider changed its state');
    record.state = state;
    bus.publish({ type: 'provider', name: record.provider.name, state });
  }

  function succeeded(name: string): void {
    const record = records.get(name);
    if (!record) return;
    record.failures = 0;
    record.checkedAt = clock.now();
    if (record.state !== 'connected') enter(record, 'connected');
  }

  function failed(name: string, error: ProviderError): void {
    const record = records.get(name);
    if (!record || isFaultOfTheRequest(error)) return;
    record.failures += 1;
    record.checkedAt = clock.now();
    const down = record.failures >= disconnectedAfter || record.state === 'disconnected';
    enter(record, down ? 'disconnected' : 'degraded');
  }

  async function probe(record: Watched): Promise<void> {
    record.checkedAt = clock.now();
    const { name } = record.provider;
    const deadline = new AbortController();
    const timer = clock.after(probeDeadlineMs, () =>
      deadline.abort(new ProviderError('timeout', 'no answer to a probe')),
    );
    try {
      await record.provider.probe(deadline.signal);
      succeeded(name);
    } catch (error) {
      failed(
        name,
        error instanceof ProviderError ? error : new ProviderError('unavailable', 'probe', { cause: error }),
      );
    } finally {
      timer.cancel();
    }
  }

  return {
    all: () => Object.fromEntries([...records].map(([name, { state }]) => [name, state])),
    isUp(name) {
      const state = records.get(name)?.state;
      return state === 'connected' || state === 'degraded';
    },
    succeeded,
    failed,
    watch() {
      let timer: Timer | undefined;
      const round = () => {
        for (const record of records.values()) {
          if (!record.provider.configured) continue;
          const wait = record.state === 'connected' ? probeEveryMs : probeFailedEveryMs;
          if (clock.now() - record.checkedAt >= wait) void probe(record);
        }
        timer = clock.after(probeFailedEveryMs / 2, round);
      };
      round();
      return () => timer?.cancel();
    },
  };
}

function isFaultOfTheRequest(error: ProviderError): boolean {
  switch (error.kind) {
    case 'invalid_request':
    case 'unsupported_parameter':
    case 'context_too_long':
    case 'model_not_found':
      return true;
    case 'unavailable':
    case 'rate_limited':
    case 'timeout':
    case 'unauthorized':
    case 'malformed':
      return false;
  }
}
