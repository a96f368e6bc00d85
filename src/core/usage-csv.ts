import type { UsageDimension, UsageTotal } from './ports/usage-store.ts';
import { toDollars } from './prices.ts';

type Column = [name: string, cell: (total: UsageTotal) => string | number | undefined];

const names: Record<UsageDimension, Column> = {
  day: ['day', ({ day }) => day],
  user: ['user', ({ user }) => user],
  key: ['keyId', ({ keyId }) => keyId],
  model: ['model', ({ model }) => model],
  provider: ['provider', ({ provider }) => provider],
};

const figures: readonly Column[] = [
  ['runs', ({ runs }) => runs],
  ['failedRuns', ({ failedRuns }) => failedRuns],
  ['inputTokens', ({ inputTokens }) => inputTokens],
  ['outputTokens', ({ outputTokens }) => outputTokens],
  ['totalTokens', ({ totalTokens }) => totalTokens],
  ['cachedInputTokens', ({ cachedInputTokens }) => cachedInputTokens],
  ['reasoningTokens', ({ reasoningTokens }) => reasoningTokens],
  ['cost', ({ cost }) => (cost === undefined ? undefined : amountOf(toDollars(cost)))],
  ['currency', ({ cost }) => (cost === undefined ? undefined : 'USD')],
  ['unpricedRuns', ({ unpricedRuns }) => unpricedRuns],
];

/** RFC 4180: a head, then a row for each entry. The head comes alone when there is none. */
export function usageCsv(groupBy: readonly UsageDimension[]): {
  head: string;
  rows(totals: readonly UsageTotal[]): string;
} {
  const columns = [...groupBy.map((dimension) => names[dimension]), ...figures];
  const line = (cells: readonly (string | number | undefined)[]) => `${cells.map(toCell).join()}\r\n`;
  return {
    head: line(columns.map(([name]) => name)),
    rows: (totals) => totals.map((total) => line(columns.map(([, cell]) => cell(total)))).join(''),
  };
}

/** Never `1e-9`, which some spreadsheets take for a text. */
function amountOf(amount: number): string {
  return amount.toFixed(9).replace(/\.?0+$/, '');
}

/** A model's name may begin like a formula; a quote before it keeps spreadsheets from running it. */
function toCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
