import type { Report } from './run.ts';

const shownViolations = 20;

export function printReport({ seed, events, kills, copies, seconds, tallies, parked, violations }: Report): void {
  const lines = [
    `${events} events, each sent ${copies} times at once, ${kills.length} kills, seed ${seed}: ${seconds.toFixed(1)} s`,
    '',
    'channel    acknowledged   lost   seen twice   more often   sent again, recognised',
    ...tallies.map(
      ({ channel, acknowledged, lost, duplicates, thirds, recognised }) =>
        `${channel.padEnd(10)} ${cell(acknowledged, 12)} ${cell(lost, 6)} ${cell(duplicates, 12)} ${cell(thirds, 12)} ${cell(recognised, 24)}`,
    ),
    '',
    'At each kill, sends under way where a platform cannot tell a repetition, and those of them that were seen twice:',
    kills.map(({ underWay, repeated }) => `${underWay}/${repeated}`).join('  '),
    '',
    `parked: ${parked}`,
    violations.length === 0 ? 'Every promise was kept.' : `${violations.length} promises were broken:`,
    ...violations.slice(0, shownViolations).map((violation) => `  ${violation}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function cell(value: number, width: number): string {
  return String(value).padStart(width);
}
