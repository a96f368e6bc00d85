import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { GatewayError } from '../../../src/core/errors.ts';
import { createSqliteStore } from '../../../src/storage/sqlite/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { createRecordingMetrics } from '../../support/recording-metrics.ts';
import { promisedTurnOf, turnOf } from '../turns.ts';

/** Does what it is told, a line at a time, and says what came of it; so it lives while its disk is full. */
const [directory = ''] = process.argv.slice(2);
const metrics = createRecordingMetrics();
const store = createSqliteStore({
  directory,
  recover: true,
  clock: systemClock,
  log: createRecordingLog(),
  metrics,
});
await store.open(1);

const large = 'x'.repeat(50_000);
const codeOf = (error: unknown) => (error instanceof GatewayError ? error.code : String(error));

const orders: Record<string, (id: string) => Promise<string>> = {
  async write(id) {
    await store.finishTurn(turnOf({ answer: large, run: { id } }));
    return 'stored';
  },
  async promise(id) {
    await store.beginTurn(promisedTurnOf({ question: large, run: { id } }).begin);
    return 'stored';
  },
  async check() {
    await store.check();
    return 'well';
  },
  read: async (id) => ((await store.getRun('ann', id))?.message ? 'there' : 'missing'),
  count: async () => String((await store.getSession('ann', 'home'))?.messageCount),
  faults: async () => String(metrics.calls.filter(({ name }) => name === 'storeFault').length),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [order = '', id = ''] = line.split(' ');
  writeSync(1, `${(await orders[order]?.(id).catch(codeOf)) ?? 'what?'}\n`);
}
await store.close();
