const day = 86_400_000;

/** Of the calendar, in UTC; milliseconds since 1970. */
export interface Period {
  start: number;
  /** Where the next one begins. */
  end: number;
}

export function periodAt(time: number, length: 'day' | 'month'): Period {
  if (length === 'day') {
    const start = Math.floor(time / day) * day;
    return { start, end: start + day };
  }
  const date = new Date(time);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) };
}

/** As the contract writes it: `2026-11-10`. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
