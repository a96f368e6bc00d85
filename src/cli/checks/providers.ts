import { connect } from 'node:net';
import type { Config, RemoteProviderConfig } from '../../config/index.ts';
import type { Finding } from './finding.ts';
import { checkPackage } from './package.ts';

const what = 'providers';
const deadlineMs = 3000;

/** Whether somebody can answer. A provider is reached for, not asked: no key is sent. */
export async function checkProviders(config: Config): Promise<Finding[]> {
  const remote = config.providers.filter((provider) => provider.type !== 'echo');
  const findings = await Promise.all(
    remote.map((provider) => {
      if (provider.type === 'ai-sdk') return checkPackage(config, provider);
      return provider.configured ? reach(provider) : missing(provider);
    }),
  );
  if (!remote.some(({ configured }) => configured)) {
    findings.push({
      what,
      state: 'attention',
      found: 'only the built-in echo answers',
      fix: 'Set OPENAI_API_KEY or ANTHROPIC_API_KEY, or name a provider in the config file.',
    });
  }
  if (!hasServedDefault(config)) {
    findings.push({
      what,
      state: 'broken',
      found: `no configured provider serves the default model ${config.models.default}`,
      fix: 'Configure one that does, or choose another gateway.models.default.',
    });
  }
  return findings;
}

/** A built-in one without a key is nothing to look at: it is always listed. */
function missing({ name, type }: RemoteProviderConfig): Finding {
  const found = `${name} has no key and is not used`;
  return name === type
    ? { what, state: 'ok', found }
    : { what, state: 'attention', found, fix: `Give gateway.providers.${name} its apiKey.` };
}

function reach({ name, baseUrl }: RemoteProviderConfig): Promise<Finding> {
  const { hostname, port, protocol, host } = new URL(baseUrl);
  const { promise, resolve } = Promise.withResolvers<Finding>();
  const socket = connect({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    timeout: deadlineMs,
  });
  const end = (finding: Finding) => {
    socket.destroy();
    resolve(finding);
  };
  const unreachable = (why: string) =>
    end({
      what,
      state: 'attention',
      found: `${name} cannot be reached at ${host}: ${why}`,
      fix: 'Look at the network, and at its baseUrl.',
    });
  socket.on('connect', () => end({ what, state: 'ok', found: `${name} can be reached at ${host}` }));
  socket.on('timeout', () => unreachable(`no connection within ${deadlineMs / 1000} s`));
  socket.on('error', (error: NodeJS.ErrnoException) => unreachable(error.code ?? error.message));
  return promise;
}

function hasServedDefault({ models, providers }: Config): boolean {
  const configured = providers.filter((provider) => provider.configured);
  const name = (Object.hasOwn(models.aliases, models.default) && models.aliases[models.default]) || models.default;
  const route = Object.hasOwn(models.routes, name) ? models.routes[name] : undefined;
  if (route === undefined) return configured.some((provider) => provider.models.includes(name));
  const targets = route.map((candidate) => (typeof candidate === 'string' ? candidate : candidate.target));
  return configured.some((provider) => targets.some((target) => target.startsWith(`${provider.name}/`)));
}
