import { addressFault, withoutSlash } from './address.ts';
import type { EchoProviderConfig, ProviderConfig, RemoteProviderConfig } from './config.ts';
import type { GatewayFile, ProviderFile } from './contract.ts';
import { resolveDeadlines } from './deadlines.ts';
import { vendors } from './defaults.ts';
import type { Environment } from './environment.ts';
import type { Explanation } from './explain-faults.ts';
import { refusePackageMembers, resolvePackagedProvider } from './packaged-provider.ts';

type ProviderType = ProviderConfig['type'];

const builtIn: readonly ProviderType[] = ['openai', 'anthropic', 'echo'];

const ofOneType = [
  {
    member: 'maxOutputTokens',
    of: 'anthropic',
    reason: 'is only for type anthropic, whose wire demands a limit',
    suggestion: 'Take it out: other models know their own.',
  },
  {
    member: 'responses',
    of: 'openai',
    reason: 'is only for type openai, whose API it is',
    suggestion: 'Take it out.',
  },
] as const;

/** Those of the file in its order, then the built-in ones that it does not name. */
export function resolveProviders(
  file: GatewayFile,
  environment: Environment,
  fault: (fault: Explanation) => void,
): ProviderConfig[] {
  const named = Object.entries(file.providers ?? {});
  const unnamed = builtIn.filter((name) => !named.some(([other]) => other === name));
  const entries = [...named, ...unnamed.map((name): [string, ProviderFile] => [name, {}])];
  return entries.flatMap(([name, settings]): ProviderConfig[] => {
    const type = typeOf(name, settings, fault);
    if (type === undefined) return [];
    if (type === 'echo') return [echo(name, settings, fault)];
    if (type === 'ai-sdk') return [resolvePackagedProvider(name, settings, environment, fault)];
    return [remote(name, type, settings, environment, fault)];
  });
}

function typeOf(name: string, { type }: ProviderFile, fault: (fault: Explanation) => void): ProviderType | undefined {
  const own = builtIn.find((known) => known === name);
  const path = ['gateway', 'providers', name, 'type'];
  if (own !== undefined && type !== undefined && type !== own) {
    fault({ path, reason: `must be ${own}, because the name is a built-in one`, suggestion: 'Take another name.' });
    return undefined;
  }
  if (own === undefined && type === undefined) {
    fault({
      path,
      reason: 'is missing',
      suggestion: "Add `type: 'openai'` or `type: 'anthropic'`: the wire format that this provider speaks.",
    });
  }
  return type ?? own;
}

function echo(name: string, settings: ProviderFile, fault: (fault: Explanation) => void): EchoProviderConfig {
  for (const member of Object.keys(settings)) {
    if (member === 'type' || member === 'models') continue;
    fault({
      path: ['gateway', 'providers', name, member],
      reason: 'means nothing to type echo, which answers by itself',
      suggestion: 'Take it out.',
    });
  }
  return { type: 'echo', name, configured: true, models: settings.models ?? ['echo'] };
}

function remote(
  name: string,
  type: RemoteProviderConfig['type'],
  settings: ProviderFile,
  environment: Environment,
  fault: (fault: Explanation) => void,
): RemoteProviderConfig {
  const place = ['gateway', 'providers', name];
  const isBuiltIn = name === type;
  const vendor = vendors[type];
  const fromEnvironment = isBuiltIn ? environment[type] : {};
  const apiKeys = [settings.apiKey ?? fromEnvironment.apiKey ?? []].flat();
  const baseUrl = settings.baseUrl ?? fromEnvironment.baseUrl ?? vendor.baseUrl;
  const maxOutputTokens = settings.maxOutputTokens ?? vendor.maxOutputTokens;

  refusePackageMembers(name, type, settings, fault);
  const wrong = settings.baseUrl === undefined ? undefined : addressFault(settings.baseUrl);
  if (wrong) fault({ path: [...place, 'baseUrl'], ...wrong });
  if (!isBuiltIn && settings.models === undefined) {
    fault({
      path: [...place, 'models'],
      reason: 'is missing',
      suggestion: 'List the models that this provider serves, as it names them.',
    });
  }

  for (const { member, of, reason, suggestion } of ofOneType) {
    if (type !== of && settings[member] !== undefined) fault({ path: [...place, member], reason, suggestion });
  }

  // A vendor's own address answers nobody without a key; a machine of one's own (Ollama, vLLM) usually wants none.
  const requireKey = isBuiltIn || settings.baseUrl === undefined || sameOrigin(baseUrl, vendor.baseUrl);
  return {
    type,
    name,
    configured: apiKeys.length > 0 || !requireKey,
    requireKey,
    models: [...new Set(settings.models ?? vendor.models)],
    baseUrl: withoutSlash(baseUrl),
    apiKeys,
    headers: settings.headers ?? {},
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(settings.responses === undefined ? {} : { responses: settings.responses }),
    deadlines: resolveDeadlines(settings),
  };
}

function sameOrigin(a: string, b: string): boolean {
  return URL.parse(a)?.origin === URL.parse(b)?.origin;
}
