/**
 * Kills a gateway at random moments while chat platforms push to it, and counts what became of what it acknowledged:
 *
 *   npm run test:durability -- --seed 1 --events 10000 --kills 20
 *
 * Everything is on loopback and every process is one of ours. Ends with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { printReport } from './durability/report.ts';
import { runDurability } from './durability/run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    events: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '20' },
    copies: { type: 'string', default: '4' },
  },
});

const report = await runDurability({
  seed: Number(values.seed),
  events: Number(values.events),
  kills: Number(values.kills),
  copies: Number(values.copies),
});
printReport(report);
process.exit(report.violations.length === 0 ? 0 : 1);
