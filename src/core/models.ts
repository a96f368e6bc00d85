import { GatewayError } from './errors.ts';
import type { Provider } from './ports/provider.ts';
import type { Principal } from './principal.ts';
import type { ProviderStates } from './provider-states.ts';

/** Which providers answer for a model, in the order they are tried. Built anew from the configuration, never changed. */
export interface Models {
  /** The models that this principal may use. */
  list(principal: Principal): ModelEntry[];
  /** Who can answer. Throws `MODEL_NOT_FOUND`, `FORBIDDEN`, or `PROVIDER_UNAVAILABLE` when nobody is configured for it. */
  candidates(principal: Principal, model: string): Candidate[];
  readonly defaultModel: string;
}

export interface ModelEntry {
  id: string;
  providers: string[];
  default: boolean;
  available: boolean;
}

export interface Candidate {
  provider: Provider;
  /** The model's name at that provider. */
  model: string;
}

export interface ModelsSettings {
  default: string;
  /** A name to candidates in order, each `provider/model`. */
  routes: Readonly<Record<string, readonly string[]>>;
}

export function createModels(providers: readonly Provider[], states: ProviderStates, settings: ModelsSettings): Models {
  const table = new Map<string, Candidate[]>();
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  for (const [name, targets] of Object.entries(settings.routes)) {
    table.set(
      name,
      targets.map((target) => candidateOf(byName, name, target)),
    );
  }
  for (const provider of providers) {
    for (const model of provider.models) {
      if (Object.hasOwn(settings.routes, model)) continue;
      const candidates = table.get(model) ?? [];
      candidates.push({ provider, model });
      table.set(model, candidates);
    }
  }

  const allowed = (principal: Principal, model: string) => principal.models?.includes(model) ?? true;

  return {
    defaultModel: settings.default,
    list: (principal) =>
      [...table]
        .filter(([id, candidates]) => allowed(principal, id) && candidates.some(({ provider }) => provider.configured))
        .map(([id, candidates]) => ({
          id,
          providers: [...new Set(candidates.map(({ provider }) => provider.name))],
          default: id === settings.default,
          available: candidates.some(({ provider }) => states.isUp(provider.name)),
        })),
    candidates(principal, model) {
      const candidates = table.get(model);
      if (!candidates) {
        throw new GatewayError('MODEL_NOT_FOUND', `There is no model ${model}. GET /models lists what there is.`);
      }
      if (!allowed(principal, model)) throw new GatewayError('FORBIDDEN', `The key may not use the model ${model}.`);
      const configured = candidates.filter(({ provider }) => provider.configured);
      if (configured.length === 0) {
        throw new GatewayError('PROVIDER_UNAVAILABLE', `No provider of the model ${model} is configured.`);
      }
      return configured;
    },
  };
}

function candidateOf(providers: ReadonlyMap<string, Provider>, route: string, target: string): Candidate {
  const slash = target.indexOf('/');
  const provider = providers.get(target.slice(0, slash));
  if (slash < 1 || !provider) {
    throw new Error(`Route ${route} names ${target}, and there is no such provider. Write it as provider/model.`);
  }
  return { provider, model: target.slice(slash + 1) };
}
