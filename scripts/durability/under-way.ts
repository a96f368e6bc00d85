import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChannelName } from './identity.ts';
import { channelNames } from './identity.ts';

export interface Kill {
  at: number;
  /** The sends that had begun, or were about to, and whose end was not stored: what the next process does once more. */
  underWay: { channel: ChannelName; event: number }[];
}

/** What a dead gateway had under way, from a copy of its data: to look at the data itself would mend it. */
export function readUnderWay(home: string): Kill['underWay'] {
  const copy = mkdtempSync(join(tmpdir(), 'gateway-killed-'));
  try {
    for (const name of ['gateway.db', 'gateway.db-wal']) {
      if (existsSync(join(home, name))) copyFileSync(join(home, name), join(copy, name));
    }
    const db = new DatabaseSync(join(copy, 'gateway.db'));
    const rows = db.prepare("SELECT channel, text FROM deliveries WHERE state = 'sending'").all();
    db.close();
    return rows.flatMap((row) => {
      const channel = channelNames.find((name) => name === row.channel);
      const event = eventOf(row.text);
      return channel && event !== undefined ? [{ channel, event }] : [];
    });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** The number of the event that a message answers. */
export function eventOf(text: unknown): number | undefined {
  const number = /\bq(\d+)\b/.exec(String(text))?.[1];
  return number === undefined ? undefined : Number(number);
}
