import type { ModelsConfig, ProviderConfig } from './config.ts';
import type { GatewayFile } from './contract.ts';
import { defaults } from './defaults.ts';
import type { Explanation } from './explain-faults.ts';
import { suggest } from './suggest.ts';

/** Holds every name against what there is: a route to nowhere would otherwise show only when somebody asks for it. */
export function resolveModels(
  file: GatewayFile,
  providers: readonly ProviderConfig[],
  fault: (fault: Explanation) => void,
): ModelsConfig {
  const { routes = {}, aliases = {}, retries } = file.models ?? {};
  for (const [name, candidates] of Object.entries(routes)) {
    candidates.forEach((candidate, index) => {
      const place = ['gateway', 'models', 'routes', name, String(index)];
      const isPlain = typeof candidate === 'string';
      const wrong = candidateFault(isPlain ? candidate : candidate.target, providers);
      if (wrong) fault({ path: isPlain ? place : [...place, 'target'], ...wrong });
    });
  }
  for (const [name, of] of Object.entries(aliases)) {
    const path = ['gateway', 'models', 'aliases', name];
    if (isKnown(name, routes, providers)) {
      fault({ path, reason: 'is a route or a model already', suggestion: 'Take another name for the alias.' });
    }
    if (!isKnown(of, routes, providers)) fault({ path, ...unknownModel(of, routes, providers) });
  }
  const chosen = file.models?.default;
  if (chosen !== undefined && !isKnown(chosen, routes, providers) && !Object.hasOwn(aliases, chosen)) {
    const known = { ...routes, ...aliases };
    fault({ path: ['gateway', 'models', 'default'], ...unknownModel(chosen, known, providers) });
  }
  return {
    default: chosen ?? firstModel(providers),
    aliases,
    retries: {
      attempts: retries?.attempts ?? defaults.retries.attempts,
      deadlineMs: retries?.deadline ?? defaults.retries.deadline,
    },
    routes,
  };
}

function unknownModel(
  name: string,
  routes: Record<string, unknown>,
  providers: readonly ProviderConfig[],
): Pick<Explanation, 'reason' | 'suggestion'> {
  const meant = suggest(name, [...Object.keys(routes), ...providers.flatMap((provider) => provider.models)]);
  return {
    reason: 'is neither a route nor a model of a provider',
    suggestion: meant === undefined ? 'Add it to the `models` of a provider.' : `Did you mean \`${meant}\`?`,
  };
}

function isKnown(model: string, routes: Record<string, unknown>, providers: readonly ProviderConfig[]): boolean {
  return Object.hasOwn(routes, model) || providers.some((provider) => provider.models.includes(model));
}

/** A model's own name may have slashes, so the first one is where the provider's name ends. */
function candidateFault(
  candidate: string,
  providers: readonly ProviderConfig[],
): Pick<Explanation, 'reason' | 'suggestion'> | undefined {
  const slash = candidate.indexOf('/');
  const providerName = candidate.slice(0, slash);
  const model = candidate.slice(slash + 1);
  const provider = providers.find((known) => known.name === providerName);
  if (!provider) {
    const names = providers.map((known) => known.name);
    const meant = suggest(providerName, names);
    return {
      reason: 'names a provider that does not exist',
      suggestion: meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean \`${meant}/…\`?`,
    };
  }
  if (!provider.models.includes(model)) {
    const meant = suggest(model, provider.models);
    return {
      reason: `names a model that ${provider.name} does not list`,
      suggestion:
        meant === undefined
          ? `Add it to gateway.providers.${provider.name}.models.`
          : `Did you mean \`${provider.name}/${meant}\`?`,
    };
  }
  return undefined;
}

function firstModel(providers: readonly ProviderConfig[]): string {
  const first = providers.find((provider) => provider.type !== 'echo' && provider.configured);
  return first?.models[0] ?? 'echo';
}
