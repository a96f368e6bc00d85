/** Milliseconds since 1970 as RFC 3339 in UTC, to the second, as the contract's source writes it. */
export function toTimestamp(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== latest.second) latest = { second, text: `${new Date(time).toISOString().slice(0, 19)}Z` };
  return latest.text;
}

/** Most of what is told happened just now, and the text is the dearest thing about a small answer. */
let latest = { second: Number.NaN, text: '' };
