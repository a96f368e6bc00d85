import type { Connection } from './connection.ts';
import { integer, toRow } from './rows.ts';

/** The numbers of the ledger's lines. Lines are never removed, so that a number that was read once stays true. */
export interface UsageLines {
  /** Begins the line when there is none. */
  numberOf(line: UsageLine): number;
  /** A transaction was undone: a line that it began is not there. */
  forget(): void;
}

/** What a line of the ledger is of. An empty key or provider stands for none. */
export interface UsageLine {
  /** Since 1970. */
  day: number;
  user: string;
  keyId: string;
  model: string;
  provider: string;
}

interface Known extends UsageLine {
  number: number;
}

const linesKnown = 10_000;

export function createUsageLines({ prepare }: Connection, counts: number): UsageLines {
  const find = prepare(
    'SELECT id FROM usage_lines WHERE day = ? AND user = ? AND key = ? AND model = ? AND provider = ?',
  );
  const begin = prepare('INSERT INTO usage_lines (day, user, key, model, provider) VALUES (?, ?, ?, ?, ?)');
  const beginCounts = prepare(`INSERT INTO usage_counts VALUES (?${', 0'.repeat(counts)})`);

  /** Of one day, by key, or by user where there is none: each has few lines, and to put a name together costs more. */
  const known = new Map<string, Known[]>();
  let knownDay = 0;
  let knownCount = 0;

  function forget(): void {
    known.clear();
    knownCount = 0;
  }

  function read({ day, user, keyId, model, provider }: UsageLine): number {
    const row = toRow(find.get(day, user, keyId, model, provider));
    if (row) return integer(row, 0);
    const number = Number(begin.run(day, user, keyId, model, provider).lastInsertRowid);
    beginCounts.run(number);
    return number;
  }

  return {
    numberOf(line) {
      if (line.day !== knownDay || knownCount >= linesKnown) forget();
      knownDay = line.day;
      const name = line.keyId === '' ? line.user : line.keyId;
      const own = known.get(name) ?? [];
      const found = own.find((one) => isSame(one, line));
      if (found) return found.number;
      const { day, user, keyId, model, provider } = line;
      const number = read(line);
      own.push({ day, user, keyId, model, provider, number });
      known.set(name, own);
      knownCount += 1;
      return number;
    },
    forget,
  };
}

export function isSame(one: UsageLine, other: UsageLine): boolean {
  return (
    one.keyId === other.keyId &&
    one.user === other.user &&
    one.model === other.model &&
    one.provider === other.provider &&
    one.day === other.day
  );
}
