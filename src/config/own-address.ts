/**
 * A provider that is the gateway itself would be asked by itself, without end. Told before the start, by the addresses as
 * they are written: no name is looked up.
 */
import type { Config } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import type { GatewayFile } from './contract.ts';
import type { Environment } from './environment.ts';
import type { Explanation } from './explain-faults.ts';
import { isLoopback } from './loopback.ts';

type Listening = Pick<Config, 'host' | 'port'>;

const reason = 'is the address of the gateway itself, which would ask itself without end';

/** Addresses that the file names. */
export function refuseOwnAddresses(
  { providers = {} }: GatewayFile,
  listening: Listening,
  fault: (fault: Explanation) => void,
): void {
  const suggestion = 'Name the address of the provider, or have the gateway listen on another port.';
  for (const [name, { baseUrl, settings }] of Object.entries(providers)) {
    const place = ['gateway', 'providers', name];
    if (isOwn(baseUrl, listening)) fault({ path: [...place, 'baseUrl'], reason, suggestion });
    if (isOwn(settings?.baseURL, listening)) fault({ path: [...place, 'settings', 'baseURL'], reason, suggestion });
  }
}

/**
 * Addresses that fill what the file leaves open. The vendors' variables are for the programs that use the gateway too, so
 * that one which leads to nothing but a provider without a key does no harm.
 */
export function ownVariables(
  environment: Environment,
  { providers = {} }: GatewayFile,
  config: Listening & Pick<Config, 'providers'>,
): ConfigProblem[] {
  const vendors = [
    ['openai', 'OPENAI_BASE_URL'],
    ['anthropic', 'ANTHROPIC_BASE_URL'],
  ] as const;
  return vendors
    .filter(([name]) => {
      const isUsed = config.providers.some((provider) => provider.name === name && provider.configured);
      return isUsed && providers[name]?.baseUrl === undefined && isOwn(environment[name].baseUrl, config);
    })
    .map(([name, variable]) => ({
      variable,
      reason,
      suggestion:
        'It is meant for programs that use the gateway: take it out of the environment that the gateway starts in, ' +
        `or set gateway.providers.${name}.baseUrl in the file.`,
    }));
}

function isOwn(address: unknown, { host, port }: Listening): boolean {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  // Which one port 0 will be is not known yet, and nobody can have written it down.
  if (!url || port === 0 || portOf(url) !== port) return false;
  const asked = spelt(url.hostname);
  const own = spelt(host);
  return asked === own || ((isLoopback(own) || isEverywhere(own)) && leadsHere(asked));
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

/** Many spellings are one address: `0x7f.1`, `[0:0::1]`, `LOCALHOST.`. */
function spelt(host: string): string {
  const inUrl = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const hostname = URL.parse(`http://${inUrl}`)?.hostname ?? host.toLowerCase();
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** RFC 6761, section 6.3, keeps the whole of `.localhost` for the machine itself. */
function leadsHere(host: string): boolean {
  return isLoopback(host) || isEverywhere(host) || host.endsWith('.localhost');
}

/** To listen there is to listen on every address; to connect there leads to this machine. */
function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
