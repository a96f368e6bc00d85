// Runs before `npm start` and `npm test`, on whatever Node is there: installs what the lockfile names when it is not
// installed yet, so that a fresh clone needs two commands and nothing else to know. Plain JavaScript for that reason.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const installed = new URL('node_modules/.package-lock.json', root);
const wanted = new URL('package-lock.json', root);

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  process.stderr.write('Installing what the lockfile names …\n');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    process.stderr.write('`npm ci` failed; its message stands above. Run it by hand to look closer.\n');
    process.exit(npm.status ?? 1);
  }
}
