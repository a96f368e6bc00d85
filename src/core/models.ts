import { GatewayError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import type { Provider } from './ports/provider.ts';
import type { Random } from './ports/random.ts';
import type { Principal } from './principal.ts';
import type { ProviderStates } from './provider-states.ts';
import type { Candidate } from './routing/ask.ts';
import { drawOrder, type Weighted } from './routing/draw-order.ts';
import { createTarget, type Target } from './routing/target.ts';

/** Which providers answer for a model, in the order they are tried. Built anew from the configuration, never changed. */
export interface Models {
  /** The models that this principal may use. */
  list(principal: Principal): ModelEntry[];
  /**
   * Who can answer, in the order for one request. Throws `MODEL_NOT_FOUND`, `FORBIDDEN`, or `PROVIDER_UNAVAILABLE` when
   * nobody is configured for it.
   */
  candidates(principal: Principal, model: string): readonly Candidate[];
  /** What an alias stands for; any other name as it is. Limits hold for this. */
  nameOf(model: string): string;
  readonly defaultModel: string;
  /** How each model at each provider has been lately. */
  targets(): readonly Target[];
}

export interface ModelEntry {
  id: string;
  providers: string[];
  default: boolean;
  available: boolean;
}

export interface ModelsSettings {
  default: string;
  /** A name to candidates in order, each `provider/model`; those with a weight share what comes first. */
  routes: Readonly<Record<string, readonly (string | WeightedTarget)[]>>;
  /** A further name for a route or a model. */
  aliases?: Readonly<Record<string, string>>;
}

export interface WeightedTarget {
  target: string;
  weight: number;
}

interface Route {
  choices: Weighted<Candidate>[];
  /** Made once where nothing is drawn; what is unconfigured is left out. */
  order: Candidate[] | undefined;
  /** The name that an alias stands for. */
  of?: string;
}

export interface ModelsParts {
  providers: readonly Provider[];
  states: Pick<ProviderStates, 'isUp'>;
  clock: Clock;
  random: Random;
}

export function createModels({ providers, states, clock, random }: ModelsParts, settings: ModelsSettings): Models {
  const { routes, aliases = {} } = settings;
  const targets = new Map<string, Target>();
  const table = new Map<string, Route>();
  const now = () => clock.now();

  function candidate(provider: Provider, model: string): Candidate {
    const name = `${provider.name}/${model}`;
    const target = targets.get(name) ?? createTarget(provider.name, model, now);
    targets.set(name, target);
    return { provider, model, target };
  }

  function routed(route: string, entry: string | WeightedTarget): Weighted<Candidate> {
    const { target, weight } = typeof entry === 'string' ? { target: entry, weight: undefined } : entry;
    const slash = target.indexOf('/');
    const provider = providers.find(({ name }) => name === target.slice(0, slash));
    if (slash < 1 || !provider) {
      throw new Error(`Route ${route} names ${target}, and there is no such provider. Write it as provider/model.`);
    }
    const item = candidate(provider, target.slice(slash + 1));
    return weight === undefined ? { item } : { item, weight };
  }

  function add(name: string, choices: Weighted<Candidate>[], of?: string): void {
    const usable = choices.filter(({ item }) => item.provider.configured);
    const isDrawn = usable.some(({ weight }) => weight !== undefined);
    const order = isDrawn ? undefined : usable.map(({ item }) => item);
    table.set(name, { choices, order, ...(of === undefined ? {} : { of }) });
  }

  for (const [name, entries] of Object.entries(routes)) {
    add(
      name,
      entries.map((entry) => routed(name, entry)),
    );
  }
  for (const provider of providers) {
    for (const model of provider.models) {
      if (Object.hasOwn(routes, model)) continue;
      add(model, [...(table.get(model)?.choices ?? []), { item: candidate(provider, model) }]);
    }
  }
  for (const [name, of] of Object.entries(aliases)) {
    const route = table.get(of);
    if (!route) throw new Error(`The alias ${name} stands for ${of}, which is neither a route nor a model.`);
    add(name, route.choices, of);
  }

  function allowed({ models }: Principal, name: string, { of }: Route): boolean {
    return !models || models.includes(name) || (of !== undefined && models.includes(of));
  }

  function usable({ choices }: Route): Weighted<Candidate>[] {
    return choices.filter(({ item }) => item.provider.configured);
  }

  return {
    defaultModel: settings.default,
    list: (principal) =>
      [...table]
        .filter(([id, route]) => allowed(principal, id, route) && usable(route).length > 0)
        .map(([id, { choices }]) => ({
          id,
          providers: [...new Set(choices.map(({ item }) => item.provider.name))],
          default: id === settings.default,
          available: choices.some(({ item }) => states.isUp(item.provider.name) && item.target.waitMs() === 0),
        })),
    candidates(principal, model) {
      const route = table.get(model);
      if (!route) {
        throw new GatewayError('MODEL_NOT_FOUND', `There is no model ${model}. GET /models lists what there is.`);
      }
      if (!allowed(principal, model, route)) {
        throw new GatewayError('FORBIDDEN', `The key may not use the model ${model}.`);
      }
      const order = route.order ?? drawOrder(usable(route), random);
      if (order.length === 0) {
        throw new GatewayError('PROVIDER_UNAVAILABLE', `No provider of the model ${model} is configured.`);
      }
      return order;
    },
    nameOf: (model) => table.get(model)?.of ?? model,
    targets: () => [...targets.values()],
  };
}
