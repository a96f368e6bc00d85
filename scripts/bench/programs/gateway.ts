/**
 * The gateway as `serve` starts it, in a process that tells its port and collects its garbage when asked. With
 * `--operations` its generated table is exchanged for one of another size; every other line is the one that ships.
 */
import { registerHooks } from 'node:module';
import { announce, readOptions } from './listen.ts';

if (readOptions().operations !== undefined) {
  const table = new URL('../../../generated/operations.ts', import.meta.url).href;
  const resized = new URL('./resized-operations.ts', import.meta.url).href;
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      return resolved.url === table && context.parentURL !== resized ? { ...resolved, url: resized } : resolved;
    },
  });
}

const { loadConfig } = await import('../../../src/config/index.ts');
const { createServer } = await import('../../../src/server.ts');

const server = await createServer(loadConfig());
const { address } = await server.listen();
announce(Number(new URL(address).port));
