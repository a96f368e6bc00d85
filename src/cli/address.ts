import { loadConfig } from '../config/index.ts';
import { Failure } from './failure.ts';

/** An address to listen on is not always one to go to. */
export function reachable(address: string): string {
  return address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Where the gateway is: as asked for, else where the configuration puts it. */
export function gatewayAddress(url: string | undefined): URL {
  if (url !== undefined) {
    const parsed = URL.parse(url);
    if (parsed && /^https?:$/.test(parsed.protocol)) return parsed;
    throw new Failure(`${url} is not the address of a gateway. Write it like http://127.0.0.1:18790.`);
  }
  const { host, port } = loadConfig();
  if (port === 0)
    throw new Failure('The configuration says any free port. Name the one it took: --url http://127.0.0.1:….');
  return new URL(reachable(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`));
}
