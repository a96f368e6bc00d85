import type { Budget, KeyLimits, ModelLimits, PrincipalLimits } from './principal.ts';

/** A key's own limits before the configured ones, model by model. Keys that have none share the configured ones. */
export function limitsOf(own: KeyLimits, defaults: PrincipalLimits): PrincipalLimits {
  if (Object.keys(own).length === 0) return defaults;
  const models = own.models || defaults.models ? { ...defaults.models, ...own.models } : undefined;
  return { ...defaults, ...own, ...(models ? { models } : {}) };
}

/** Which of the limits on runs goes beyond what somebody has; undefined when none does. */
export function moreThan(wanted: PrincipalLimits, own: PrincipalLimits): string | undefined {
  const { requestsPerMinute: _, ...runs } = wanted;
  const { requestsPerMinute: __, ...ownRuns } = own;
  const higher = higherLimit(runs, ownRuns);
  if (higher) return higher;
  for (const [model, limits] of Object.entries(own.models ?? {})) {
    const given = wanted.models && Object.hasOwn(wanted.models, model) ? wanted.models[model] : undefined;
    const over = higherLimit(given ?? {}, limits);
    if (over) return `models.${model}.${over}`;
  }
  return exceeds(wanted.budget, own.budget) ? 'budget' : undefined;
}

const limitNames = ['requestsPerMinute', 'tokensPerMinute', 'concurrentRuns'] as const;

function higherLimit(wanted: ModelLimits, own: ModelLimits): string | undefined {
  return limitNames.find((name) => (wanted[name] ?? Infinity) > (own[name] ?? Infinity));
}

/** In the time of the longest month, so that nobody gets around a month by days. */
function exceeds(wanted: Budget | undefined, own: Budget | undefined): boolean {
  if (!own) return false;
  if (!wanted) return true;
  if (wanted.period === own.period) return wanted.amount > own.amount;
  return wanted.period === 'day' ? wanted.amount * 31 > own.amount : wanted.amount > own.amount;
}
