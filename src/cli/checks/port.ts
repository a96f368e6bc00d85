import { createServer } from 'node:net';
import type { Config } from '../../config/index.ts';
import { gatewayAddress } from '../address.ts';
import { ask } from '../ask.ts';
import { describeFailure } from '../failure.ts';
import type { Finding } from './finding.ts';

export async function checkPort({ host, port }: Config): Promise<Finding> {
  const what = 'port';
  if (port === 0) return { what, state: 'ok', found: 'any free one' };
  try {
    await listenOnce(host, port);
    return { what, state: 'ok', found: `${host}:${port} is free` };
  } catch (error) {
    if (await isGateway()) return { what, state: 'ok', found: `a gateway runs on ${host}:${port}` };
    return { what, state: 'broken', found: describeFailure(error) };
  }
}

function listenOnce(host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = createServer();
  server.on('error', reject);
  server.listen(port, host, () => server.close(() => resolve()));
  return promise;
}

async function isGateway(): Promise<boolean> {
  try {
    const { status, body } = await ask(gatewayAddress(undefined), '/health');
    return status === 200 && JSON.stringify(body) === '{"status":"ok"}';
  } catch {
    return false;
  }
}
