import { accessSync, constants, statSync } from 'node:fs';
import type { Finding } from './finding.ts';

export function checkFolder(home: string): Finding {
  const what = 'data folder';
  const stat = statSync(home, { throwIfNoEntry: false });
  if (!stat) return { what, state: 'attention', found: `${home} does not exist yet`, fix: '`npm start` makes it.' };
  if (!stat.isDirectory()) {
    return { what, state: 'broken', found: `${home} is not a folder`, fix: 'Choose another one: GATEWAY_HOME.' };
  }
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { what, state: 'broken', found: `this user may not write in ${home}`, fix: 'Change its owner.' };
  }
  if ((stat.mode & 0o077) !== 0) {
    return {
      what,
      state: 'attention',
      found: `other users of this machine may look into ${home}`,
      fix: `chmod 700 ${home}`,
    };
  }
  return { what, state: 'ok', found: home };
}
