import { loadConfig } from '../config/index.ts';
import { note, print, printJson, table } from './terminal.ts';
import { isLive, type KnownUse, nameOf, readUses } from './version-uses.ts';

export interface UsageOptions {
  version?: string;
  key?: string;
  json?: boolean;
}

export async function showUsage({ version, key, json }: UsageOptions): Promise<void> {
  const uses = (await readUses(loadConfig())).filter(
    (use) => (version === undefined || use.version === version) && (key === undefined || isCalled(use, key)),
  );
  if (json) return printJson(uses.map(toEntry));
  if (uses.length === 0)
    return note('Nothing of that was used so far. A running gateway stores its counts every 10 s.');
  print(
    table(
      ['VERSION', 'OPERATION', 'MEMBER', 'COUNT', 'LAST USE', 'USER', 'PREFIX', 'ID', 'KEY'],
      uses.map((use) => [
        use.version,
        use.operation,
        use.member ?? '',
        String(use.count),
        toSecond(use.usedAt),
        use.user,
        use.key?.prefix ?? '',
        use.keyId,
        `${nameOf(use)}${isLive(use, Date.now()) ? '' : ' (not good any more)'}`,
      ]),
    ),
  );
}

function isCalled(use: KnownUse, wanted: string): boolean {
  return [use.keyId, nameOf(use), use.key?.prefix].includes(wanted);
}

function toEntry(use: KnownUse): Record<string, unknown> {
  const { key, keyId, user, version, operation, member, count, usedAt } = use;
  return {
    key: { id: keyId, name: nameOf(use), ...(key ? { prefix: key.prefix } : {}), live: isLive(use, Date.now()) },
    user,
    version,
    operation,
    ...(member === undefined ? {} : { member }),
    count,
    usedAt: new Date(usedAt).toISOString(),
  };
}

function toSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
