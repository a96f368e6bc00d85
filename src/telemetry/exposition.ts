import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Sample, Tally } from './tally.ts';

/** The text that Prometheus reads: our tallies, then the figures of the process. */
export function createExposition(tallies: readonly Tally[]): () => Promise<string> {
  const process = new Registry();
  collectDefaultMetrics({ register: process });
  return async () => `${tallies.map(describe).join('\n')}\n${await process.metrics()}`;
}

function describe(tally: Tally): string {
  let text = `# HELP ${tally.name} ${tally.help}\n# TYPE ${tally.name} ${tally.type}\n`;
  for (const sample of tally.samples()) {
    text += `${tally.name}${sample.suffix}${labelsOf(tally, sample)} ${sample.value}\n`;
  }
  return text;
}

function labelsOf({ labels }: Tally, { values, le }: Sample): string {
  const pairs = labels.map((label, index) => `${label}="${escapeValue(values[index] ?? '')}"`);
  if (le !== undefined) pairs.push(`le="${le}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
