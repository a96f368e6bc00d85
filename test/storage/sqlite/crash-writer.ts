import { writeSync } from 'node:fs';
import { createSqliteStore } from '../../../src/storage/sqlite/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { createRecordingMetrics } from '../../support/recording-metrics.ts';
import { promisedTurnOf, turnOf } from '../turns.ts';

/** Writes turns until it is killed, and says of each when it was promised and when it was done. */
const [directory = '', round = ''] = process.argv.slice(2);
const store = createSqliteStore({
  directory,
  recover: true,
  clock: systemClock,
  log: createRecordingLog(),
  metrics: createRecordingMetrics(),
});
await store.open(1);

const say = (what: string, run: { id: string; sessionId: string }) =>
  writeSync(1, `${what} ${run.id} ${run.sessionId}\n`);

async function writeTurns(writer: number): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const run = { id: `run_${round}_${writer}_${turn}` };
    const session = `s${writer}_${turn % 5}`;
    if (turn % 3 === 0) {
      const plain = turnOf({ session, run, answer: 'x'.repeat(2000) });
      await store.finishTurn(plain);
      say('done', plain.run);
    } else {
      const { begin, finish } = promisedTurnOf({ session, run });
      await store.beginTurn(begin);
      say('begun', begin.run);
      await store.finishTurn(finish);
      say('done', begin.run);
    }
    if (turn % 11 === 0) await store.changeSession('ann', session, { action: 'fork', sessionId: `f${run.id}` }, 1);
    if (turn % 13 === 0) await store.changeSession('ann', `f${run.id}`, { action: 'delete' }, 1);
  }
}

await Promise.all(Array.from({ length: 12 }, (_, writer) => writeTurns(writer)));
