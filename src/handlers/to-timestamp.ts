/** Milliseconds since 1970 as RFC 3339 in UTC, to the second, as the contract's source writes it. */
export function toTimestamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
