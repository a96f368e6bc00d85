// What an older Node's `gateway.mjs` runs on the right one. When that process is killed it cannot pass anything on: then
// this one ends as abruptly, and leaves nothing running that nobody sees.
import { isNewEnough, refuse } from './node.mjs';

if (!isNewEnough()) refuse();
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
await import('./open.mjs');
