import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addressFault } from './address.ts';
import type { AiSdkProviderConfig } from './config.ts';
import type { ProviderFile } from './contract.ts';
import { resolveDeadlines } from './deadlines.ts';
import type { Environment } from './environment.ts';
import type { Explanation } from './explain-faults.ts';

/** What only a provider from a package has. */
const own = ['package', 'export', 'api', 'settings'] as const;
/** What the package has its own settings for, by the names that these usually have. */
const elsewhere = {
  apiKey: 'The package takes its key in `settings`, mostly as `apiKey`.',
  baseUrl: 'The package takes its address in `settings`, mostly as `baseURL`.',
  headers: 'The package takes them in `settings`, mostly as `headers`.',
  maxOutputTokens: 'Take it out: the package knows its own.',
  responses: 'Take it out: `api` says which of the calls of the package is made.',
};

const gatewayFolder = dirname(fileURLToPath(new URL('..', import.meta.url)));

export function resolvePackagedProvider(
  name: string,
  settings: ProviderFile,
  { home, cwd }: Environment,
  fault: (fault: Explanation) => void,
): AiSdkProviderConfig {
  const place = ['gateway', 'providers', name];
  for (const [member, suggestion] of Object.entries(elsewhere)) {
    if (!Object.hasOwn(settings, member)) continue;
    fault({ path: [...place, member], reason: 'means nothing to type ai-sdk', suggestion });
  }
  if (settings.deadlines?.connect !== undefined) {
    fault({
      path: [...place, 'deadlines', 'connect'],
      reason: 'means nothing to type ai-sdk, whose package connects by itself',
      suggestion: 'Take it out: connecting is part of `firstChunk`.',
    });
  }
  if (settings.package === undefined) {
    fault({
      path: [...place, 'package'],
      reason: 'is missing',
      suggestion: 'Name the npm package that speaks to this vendor, such as `@ai-sdk/google`.',
    });
  }
  if (settings.models === undefined) {
    fault({
      path: [...place, 'models'],
      reason: 'is missing',
      suggestion: 'List the models that this provider serves, as it names them.',
    });
  }
  const address = settings.settings?.baseURL;
  const wrong = typeof address === 'string' ? addressFault(address) : undefined;
  if (wrong) fault({ path: [...place, 'settings', 'baseURL'], ...wrong });

  const specifier = settings.package ?? '';
  const folders = [...new Set([home, cwd, gatewayFolder])];
  return {
    type: 'ai-sdk',
    name,
    configured: folders.some((folder) => isInstalled(specifier, folder)),
    models: [...new Set(settings.models)],
    package: specifier,
    ...(settings.export === undefined ? {} : { export: settings.export }),
    ...(settings.api === undefined ? {} : { api: settings.api }),
    settings: settings.settings ?? {},
    folders,
    deadlines: resolveDeadlines(settings),
  };
}

/** A wire's provider with a package's settings is a mistake that nothing else would show. */
export function refusePackageMembers(
  name: string,
  type: string,
  settings: ProviderFile,
  fault: (fault: Explanation) => void,
): void {
  for (const member of own) {
    if (settings[member] === undefined) continue;
    fault({
      path: ['gateway', 'providers', name, member],
      reason: `means nothing to type ${type}`,
      suggestion: 'It belongs to a provider of type ai-sdk.',
    });
  }
}

/** Whether Node would find the package from there: in the folder's `node_modules`, or in one above. */
function isInstalled(specifier: string, folder: string): boolean {
  const [scope = '', inScope = ''] = specifier.split('/');
  const packageFolder = specifier.startsWith('@') ? join(scope, inScope) : scope;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', packageFolder, 'package.json'))) return true;
    if (dirname(at) === at) return false;
  }
}
