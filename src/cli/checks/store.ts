import { existsSync } from 'node:fs';
import type { Config } from '../../config/index.ts';
import { isLoopback } from '../../config/index.ts';
import { openKeys, openStore } from '../../server.ts';
import { describeFailure } from '../failure.ts';
import type { Finding } from './finding.ts';

/** Whether the store opens and takes a write, and whether anybody has a key to it. */
export async function checkStore(config: Config, folder: Finding): Promise<Finding[]> {
  if (folder.state === 'broken' || !existsSync(config.home)) return [checkKeys(config, 0)];
  try {
    const store = await openStore(config);
    await store.check().finally(() => store.close());
    const { keys, close } = await openKeys(config);
    const count = keys.count();
    await close();
    return [{ what: 'store', state: 'ok', found: 'opens and takes writes' }, checkKeys(config, count)];
  } catch (error) {
    return [
      {
        what: 'store',
        state: 'broken',
        found: describeFailure(error),
        fix: `Look at the disk, and at the files in ${config.home}.`,
      },
    ];
  }
}

function checkKeys({ adminKey, host }: Config, count: number): Finding {
  const what = 'keys';
  if (adminKey !== undefined) return { what, state: 'ok', found: `GATEWAY_ADMIN_KEY, and ${count} in the store` };
  if (count > 0) return { what, state: 'ok', found: `${count} in the store` };
  if (isLoopback(host)) {
    return { what, state: 'attention', found: 'none yet', fix: 'The first start makes one and prints it.' };
  }
  return {
    what,
    state: 'broken',
    found: `none yet, and ${host} can be reached from outside`,
    fix: '`npm run gateway -- keys create` makes one.',
  };
}
