#!/usr/bin/env node
// The door of the command line, on whatever Node opens it: plain JavaScript, because an older Node cannot read the rest.
// On Node 24 it goes on; otherwise it runs itself again on the Node 24 that `npm install` brought along.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findNode, isNewEnough, refuse } from './node.mjs';

if (isNewEnough()) await import('./open.mjs');
else runAgain(findNode() ?? refuse());

/** @param {string} node */
function runAgain(node) {
  const again = fileURLToPath(new URL('./run-again.mjs', import.meta.url));
  // The channel tells the other one when this process is gone, however it went.
  const child = spawn(node, [...process.execArgv, again, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  child.on('error', refuse);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
