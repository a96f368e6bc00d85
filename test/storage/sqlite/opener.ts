import { createSqliteStore } from '../../../src/storage/sqlite/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { createRecordingMetrics } from '../../support/recording-metrics.ts';
import { turnOf } from '../turns.ts';

/** Opens a store as a command beside the gateway does, writes so many turns and leaves; `stay` forgets to close. */
const [directory = '', name = '', turns = '', stay] = process.argv.slice(2);
const store = createSqliteStore({
  directory,
  recover: false,
  clock: systemClock,
  log: createRecordingLog(),
  metrics: createRecordingMetrics(),
});
await store.open(1);
store.watchKeys(() => {});
const long = 'x'.repeat(200_000);
for (let index = 0; index < Number(turns); index += 1) {
  await store.finishTurn(turnOf({ session: name, answer: long, run: { id: `run_${name}_${index}` } }));
}
if (stay === undefined) await store.close();
process.stdout.write('written\n');
