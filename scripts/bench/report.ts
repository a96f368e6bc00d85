import { type Bound, type Figure, judge, mostTimes } from './figure.ts';
import { median } from './rounds.ts';

const columns = ['figure', 'ours', 'floor', 'ratio', 'must', 'goal', 'verdict'];

export function toTable(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(toCells)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return `${lines.join('\n')}\n`;
}

function toCells(figure: Figure): string[] {
  const { name, unit, ours, floor, ratio, bound } = figure;
  return [
    name,
    spread(ours, unit),
    floor ? `${spread(floor.values, unit)} ${floor.name}` : '',
    ratio ? show(median(ratio)) : '',
    bound ? showMust(bound, unit) : '',
    bound ? showBound(bound, bound.goal, unit) : '',
    judge(figure, median),
  ];
}

/** The median, and between which rounds it lies. */
function spread(values: readonly number[], unit: string): string {
  const middle = `${show(median(values))} ${unit}`;
  return values.length > 1 ? `${middle} (${show(Math.min(...values))}–${show(Math.max(...values))})` : middle;
}

function showMust(bound: Bound, unit: string): string {
  const times = mostTimes(bound);
  return `${showBound(bound, bound.must, unit)}${Number.isNaN(times) ? '' : `, or ${times.toFixed(2)} ×`}`;
}

function showBound({ on, better }: Bound, value: number, unit: string): string {
  return `${better === 'higher' ? '≥' : '≤'} ${value}${on === 'ours' ? ` ${unit}` : ' ×'}`;
}

function show(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function toJson(figures: readonly Figure[], about: object): string {
  const shown = figures.map((figure) => ({
    ...figure,
    median: median(figure.ours),
    ...(figure.floor ? { floor: { ...figure.floor, median: median(figure.floor.values) } } : {}),
    ...(figure.ratio ? { medianRatio: median(figure.ratio) } : {}),
    verdict: judge(figure, median),
  }));
  return `${JSON.stringify({ ...about, figures: shown }, null, 2)}\n`;
}
