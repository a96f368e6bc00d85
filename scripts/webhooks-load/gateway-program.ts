import { loadConfig } from '../../src/config/index.ts';
import { GatewayError, ProviderError } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/ports/provider.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createServer } from '../../src/server.ts';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { firstPoison } from './poison.ts';

/** A whole gateway whose model and whose disk do what its parent says. */
const config = loadConfig();
const log = createLog({ level: 'silent' });
const metrics = createMetrics();
const real = createSqliteStore({ directory: config.home, clock: systemClock, log, metrics, recover: true });
let isBroken = false;
let hanging = Promise.withResolvers<void>();
hanging.resolve();

const store: Store = new Proxy(real, {
  get(target, name) {
    if (!isBroken || name === 'open' || name === 'close') return Reflect.get(target, name);
    return () => Promise.reject(new GatewayError('STORE_UNAVAILABLE', 'The disk is full.'));
  },
});

const provider: Provider = {
  name: 'echo',
  models: ['echo'],
  configured: true,
  async *call({ messages }, signal) {
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(signal.reason);
    signal.addEventListener('abort', stop);
    await Promise.race([hanging.promise, stopped.promise]).finally(() => signal.removeEventListener('abort', stop));
    const text = messages
      .at(-1)
      ?.parts.map((part) => (part.type === 'text' ? part.text : ''))
      .join('');
    if (Number(/q(\d+)/.exec(text ?? '')?.[1]) >= firstPoison) throw new ProviderError('invalid_request', 'poison');
    yield [{ type: 'text', text: text ?? '' }];
    yield [{ type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } }];
  },
  probe: async () => {},
  close: async () => {},
};

const server = await createServer(config, { log, metrics, store, providers: [provider] });
const { address } = await server.listen();

process.on('message', (order) => {
  if (order === 'hang') hanging = Promise.withResolvers<void>();
  if (order === 'answer') hanging.resolve();
  if (order === 'break' || order === 'mend') isBroken = order === 'break';
  if (order === 'stop') void server.close().then(() => process.exit(0));
  const { user, system } = process.cpuUsage();
  process.send?.({ done: order, seconds: (user + system) / 1e6 });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ address });
