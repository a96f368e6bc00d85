import { resolveChannels } from './channels.ts';
import type { Config } from './config.ts';
import type { GatewayFile } from './contract.ts';
import { defaults } from './defaults.ts';
import { checkHost, type Environment } from './environment.ts';
import type { Explanation } from './explain-faults.ts';
import { isLoopback } from './loopback.ts';
import { resolveModels } from './models.ts';
import { refuseOwnAddresses } from './own-address.ts';
import { resolveProviders } from './providers.ts';
import { resolveAnswerBounds, resolvePrices } from './resolve-prices.ts';

/** Puts the environment over the file and the defaults under it, and holds against each other what belongs together. */
export function resolveConfig(
  file: GatewayFile,
  environment: Environment,
  fault: (fault: Explanation) => void,
): Omit<Config, 'file'> {
  const providers = resolveProviders(file, environment, fault);
  const host = (environment.host ?? file.host ?? defaults.host).replace(/^\[(.*)\]$/, '$1');
  const port = environment.port ?? file.port ?? defaults.port;
  const webhooks = { ...defaults.webhooks, ...file.webhooks };

  const wrongHost = file.host === undefined ? undefined : checkHost(file.host);
  if (wrongHost) fault({ path: ['gateway', 'host'], ...wrongHost });
  refuseOwnAddresses(file, { host, port }, fault);
  if (!webhooks.verifySignature && !isLoopback(host)) {
    fault({
      path: ['gateway', 'webhooks', 'verifySignature'],
      reason: 'may be false only on a loopback host: anybody could send messages in a platform’s name',
      suggestion: 'Set it to true, or listen on 127.0.0.1.',
    });
  }
  for (const [index, origin] of (file.origins ?? []).entries()) {
    const wrong = originFault(origin);
    if (wrong) fault({ path: ['gateway', 'origins', String(index)], ...wrong });
  }

  return {
    home: environment.home,
    host,
    port,
    ...(environment.adminKey === undefined ? {} : { adminKey: environment.adminKey }),
    origins: file.origins ?? [],
    providers,
    models: resolveModels(file, providers, fault),
    limits: { ...defaults.limits, ...file.limits },
    prices: resolvePrices(file, providers),
    answerBounds: resolveAnswerBounds(file, providers),
    sessions: { ...defaults.sessions, ...file.sessions },
    webhooks,
    channels: resolveChannels(file, fault),
    health: { ...defaults.health, ...file.health },
    conformance: file.conformance ?? defaults.conformance,
    log: { level: environment.logLevel ?? file.log?.level ?? defaults.log.level, color: environment.color },
    shutdown: { ...defaults.shutdown, ...file.shutdown },
  };
}

/** A browser sends scheme, host and port in one exact spelling; any other would never match. */
function originFault(origin: string): Pick<Explanation, 'reason' | 'suggestion'> | undefined {
  if (!/^https?:/.test(origin)) return undefined;
  const exact = URL.parse(origin)?.origin;
  if (exact === origin) return undefined;
  return {
    reason: 'is not spelt as a browser sends it',
    suggestion: exact === undefined ? 'Write it like https://app.example.com.' : `Write ${exact}.`,
  };
}
