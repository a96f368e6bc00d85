import { type Config, loadConfig } from '../config/index.ts';
import { createServer } from '../server.ts';
import { reachable } from './address.ts';
import { stopOnCrash, stopOnSignal } from './stop.ts';
import { note, print, printJson, style } from './terminal.ts';

export async function serve({ json = false }: { json?: boolean }): Promise<void> {
  const config = loadConfig(undefined, { start: true });
  const server = await createServer(config);
  stopOnSignal(server);
  stopOnCrash(server);
  const { address, key } = await server.listen().catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  if (!config.webhooks.verifySignature) {
    note('Warning: webhook signatures are not verified. Whoever reaches this port can speak for a chat platform.');
  }
  if (json) printJson({ address, home: config.home, ...(key === undefined ? {} : { key }) });
  else greet(config, reachable(address), key);
}

function greet(config: Config, address: string, key: string | undefined): void {
  print(
    `The gateway listens on ${style('bold', address)}. Its data is in ${config.home}, its documentation at ${address}/docs.`,
  );
  if (key !== undefined) print(`\nYour key, with every scope. It is shown this once:\n\n  ${style('bold', key)}`);
  print(
    `\nTry it:\n\n  ${curl(address, key ?? (config.adminKey === undefined ? '<your key>' : '$GATEWAY_ADMIN_KEY'))}\n`,
  );
  if (key === undefined && config.adminKey === undefined) {
    print('No key at hand? `npm run gateway -- keys create` makes one, also while the gateway runs.\n');
  }
}

function curl(address: string, key: string): string {
  return (
    `curl -s ${address}/api/chat -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" ` +
    `-d '{"channel": "api", "message": "hello"}'`
  );
}
