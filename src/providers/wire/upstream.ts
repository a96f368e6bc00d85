import Pool from 'undici/lib/dispatcher/pool.js';
import { DeadlineSweep } from '../../core/deadline-sweep.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Dialect } from './dialect.ts';
import { KeyRing } from './key-ring.ts';
import type { Deadlines, WireOptions } from './wire-options.ts';

/** One provider as the exchanges with it see it: its sockets, its time, its limits. */
export interface Upstream {
  readonly name: string;
  readonly keys: KeyRing;
  /** What may stand in no log and in no answer. */
  readonly secrets: readonly string[];
  readonly dialect: Dialect;
  readonly pool: Pool;
  /** Goes before every path of the wire. */
  readonly basePath: string;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly sweep: DeadlineSweep;
  readonly maxAnswerBytes: number;
}

export function openUpstream(options: WireOptions, dialect: Dialect): Upstream {
  const { name, apiKeys, clock, deadlines, maxAnswerBytes } = options;
  const base = new URL(options.baseUrl);
  const shortest = Math.min(deadlines.connectMs, deadlines.firstChunkMs, deadlines.idleMs, deadlines.totalMs);
  return {
    name,
    keys: new KeyRing(headersFor(options, dialect), clock),
    secrets: apiKeys,
    dialect,
    pool: openPool(base.origin, options),
    basePath: base.pathname.replace(/\/+$/, ''),
    clock,
    deadlines,
    sweep: new DeadlineSweep(clock, Math.min(100, Math.max(10, Math.floor(shortest / 8)))),
    maxAnswerBytes,
  };
}

const standing = { 'content-type': 'application/json', 'user-agent': 'openclaw-gateway' };

function openPool(origin: string, options: WireOptions): Pool {
  return new Pool(origin, {
    connections: options.connections ?? null,
    // HTTP/1.1 only: cutting a call is then closing its socket, and pausing it is TCP's own backpressure.
    allowH2: false,
    pipelining: 1,
    // The gateway's own deadlines run on its clock, see DeadlineSweep; undici's would be a second set.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.deadlines.connectMs },
    // Long enough to spare a chat its next TLS handshake; a server that says less (`Keep-Alive`) is obeyed.
    keepAliveTimeout: 30_000,
  });
}

/** For each key; without one a single time. */
function headersFor({ apiKeys, headers }: WireOptions, dialect: Dialect): string[][] {
  const keys: readonly (string | undefined)[] = apiKeys.length === 0 ? [undefined] : apiKeys;
  return keys.map((apiKey) => flatten({ ...standing, ...dialect.headers(apiKey), ...headers }));
}

/** Later spellings of a name replace earlier ones, whatever their case. */
function flatten(headers: Record<string, string>): string[] {
  const byName = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) byName.set(name.toLowerCase(), value);
  return [...byName].flat();
}
