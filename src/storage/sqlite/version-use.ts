import type { VersionUse } from '../../core/ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, text, toRows } from './rows.ts';

/** Who uses which version, operation and retiring member, and how often. */
export interface VersionUses {
  add(use: readonly VersionUse[]): void;
  load(): VersionUse[];
}

export function createVersionUses({ prepare }: Connection): VersionUses {
  const add = prepare(`
    INSERT INTO version_use (key, user, version, operation, member, count, used) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET count = count + excluded.count, used = max(used, excluded.used)
  `);
  const load = prepare(`
    SELECT key, user, version, operation, member, count, used FROM version_use
    ORDER BY used DESC, key, version, operation, member
  `);

  return {
    add(use) {
      for (const { keyId, user, version, operation, member = '', count, usedAt } of use) {
        add.run(keyId, user, version, operation, member, count, usedAt);
      }
    },
    load: () =>
      toRows(load.all()).map((row) => {
        const member = text(row, 4);
        return {
          keyId: text(row, 0),
          user: text(row, 1),
          version: text(row, 2),
          operation: text(row, 3),
          ...(member === '' ? {} : { member }),
          count: integer(row, 5),
          usedAt: integer(row, 6),
        };
      }),
  };
}
