import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { channelsAt } from '../durability/identity.ts';
import { startPlatforms } from '../durability/platforms.ts';

/** A gateway in a process of its own, whose model and disk can be told to fail, and the platforms around it. */
export interface LoadGateway {
  readonly address: string;
  tell(order: 'hang' | 'answer' | 'break' | 'mend'): Promise<void>;
  /** Waits until nothing waits. */
  drained(): Promise<void>;
  /** Waits for the answer to an event. */
  answered(event: number): Promise<void>;
  /** How many events are parked. */
  parked(): Promise<number>;
  /** The newest event that is stored. */
  newest(): Promise<string>;
  /** Seconds of processor time so far. */
  processor(): Promise<number>;
  /** What the store is, as `/health/detailed` tells. */
  health(): Promise<string>;
  close(): Promise<void>;
}

const key = 'the-admin-key-of-a-load-trial';
const patienceMs = 90_000;

export async function startLoadGateway(): Promise<LoadGateway> {
  const home = mkdtempSync(join(tmpdir(), 'gateway-load-'));
  const platforms = await startPlatforms(createSeededRandom(3));
  const limits = { requestsPerMinute: 1_000_000_000 };
  const settings = { channels: channelsAt(platforms.url), models: { default: 'echo' }, limits };
  writeFileSync(join(home, 'gateway.json5'), JSON.stringify({ gateway: settings }));
  const child = fork(join(import.meta.dirname, 'gateway-program.ts'), {
    env: { PATH: process.env.PATH, HOME: home, GATEWAY_HOME: home, GATEWAY_PORT: '0', GATEWAY_ADMIN_KEY: key },
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the gateway ended')));
  ended.catch(() => {});
  const [{ address }] = await Promise.race([once(child, 'message'), ended]);

  async function read(path: string): Promise<Record<string, unknown>> {
    const answer = await fetch(new URL(path, address), { headers: { authorization: `Bearer ${key}` } });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null ? { ...body } : {};
  }

  async function waitFor(holds: () => boolean | Promise<boolean>, everyMs: number): Promise<void> {
    for (const end = Date.now() + patienceMs; !(await holds()); await sleep(everyMs)) {
      if (Date.now() > end) throw new Error('the gateway does not come to rest');
    }
  }

  async function listed(path: string): Promise<Record<string, unknown>[]> {
    const { items } = await read(path);
    return Array.isArray(items) ? items : [];
  }

  return {
    address,
    async tell(order) {
      const done = once(child, 'message');
      child.send(order);
      await Promise.race([done, ended]);
    },
    drained: () =>
      waitFor(async () => {
        const channels = Object.values(await read('/api/v2/channels')).find(Array.isArray) ?? [];
        return channels.every(({ queued }: { queued: number }) => queued === 0);
      }, 100),
    answered: (event) => waitFor(() => platforms.arrivals.has(event), 1),
    parked: async () => (await listed('/api/v2/webhooks/events?state=parked&limit=100')).length,
    newest: async () => String((await listed('/api/v2/webhooks/events?limit=1'))[0]?.id),
    async processor() {
      const said = once(child, 'message');
      child.send('processor');
      const [{ seconds }] = await Promise.race([said, ended]);
      return seconds;
    },
    health: async () => String((await read('/health/detailed')).store),
    async close() {
      const gone = once(child, 'exit');
      child.send('stop');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
      await platforms.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
