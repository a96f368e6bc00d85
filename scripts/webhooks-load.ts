/**
 * Pushes signed webhooks at a steady rate and says how long their acknowledgement takes: with everything well, while the
 * model hangs, and beside events that fail; then forged ones, and a disk that fails.
 *
 *   npm run test:webhooks -- --rate 500 --seconds 10 --forged 100000
 *
 * Ends with 1 when a bar was missed.
 */
import { parseArgs } from 'node:util';
import { runLoad } from './webhooks-load/run.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '10' },
    forged: { type: 'string', default: '100000' },
  },
});

const figures = await runLoad({
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  forged: Number(values.forged),
});
for (const { name, value, bar, isMet } of figures) {
  process.stdout.write(`${isMet ? 'met   ' : 'MISSED'}  ${name.padEnd(58)} ${value.padStart(24)}   must: ${bar}\n`);
}
process.exit(figures.every(({ isMet }) => isMet) ? 0 : 1);
