// Which Node this is, and where the right one is. Plain JavaScript for the sake of the wrong one.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 24;
const root = fileURLToPath(new URL('../..', import.meta.url));

export function isNewEnough() {
  return Number.parseInt(process.versions.node, 10) >= wanted;
}

/** The one that `npm install` brought for this machine. */
export function findNode() {
  const windows = process.platform === 'win32';
  const candidates = [join(root, 'node_modules/.bin/node')];
  try {
    const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    candidates.unshift(join(dirname(manifest), 'bin', windows ? 'node.exe' : 'node'));
  } catch {
    // Not installed, or there is none for this machine.
  }
  return candidates.find((path) => existsSync(path));
}

/** @returns {never} */
export function refuse() {
  process.stderr.write(
    `The gateway needs Node ${wanted} or later, and this is ${process.versions.node}. ` +
      `Run \`npm install\` in ${root}, which brings its own, or install Node ${wanted}.\n`,
  );
  process.exit(1);
}
