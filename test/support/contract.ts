import {
  type ApiVersion,
  apiVersions,
  type Operation,
  type OperationId,
  operations,
} from '../../generated/operations.ts';
import * as v1 from '../../generated/validators/2026-03-01.answers.js';
import * as v2 from '../../generated/validators/2026-11-01.answers.js';
import type { Validate } from '../../generated/validators/validate.ts';

/** What a version's contract lets the gateway say: the closed validators, in which a member too many is a fault. */
export const said = { '2026-03-01': v1, '2026-11-01': v2 } satisfies Record<ApiVersion, typeof v1>;

export const dates: readonly ApiVersion[] = apiVersions.map(({ date }) => date);

export const everyOperation: readonly { date: ApiVersion; id: OperationId; rules: Operation }[] = dates.flatMap(
  (date) =>
    // The table's own keys.
    Object.entries(operations[date]).map(([id, rules]) => ({ date, id: id as OperationId, rules })),
);

/** A failure in the shape of a version, whatever operation it is of: all share one schema. */
export const failure: Record<ApiVersion, { type: string; validate: Validate }> = {
  '2026-03-01': { type: 'application/json', validate: shared(v1.answers.getStatus?.['400']?.['application/json']) },
  '2026-11-01': {
    type: 'application/problem+json',
    validate: shared(v2.answers.getStatus?.['400']?.['application/problem+json']),
  },
};

export function isDate(text: unknown): text is ApiVersion {
  return dates.some((date) => date === text);
}

/** Finds what a request asks for by the paths of the contract, and by nothing that the gateway uses for it. */
export function operationAt(date: ApiVersion, method: string, target: string): OperationId | undefined {
  const family = apiVersions.find((entry) => entry.date === date)?.family;
  const [raw = ''] = target.split('?');
  // What does not decode names nothing.
  if (!isDecodable(raw)) return undefined;
  const path = raw.replace(/^\/api\/(?!v\d+(?:\/|$))/, `/api/${family}/`);
  const wanted = method === 'HEAD' ? 'GET' : method;
  return everyOperation.find(
    ({ date: other, rules }) => other === date && rules.method === wanted && toPattern(rules.path).test(path),
  )?.id;
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

function toPattern(template: string): RegExp {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

function shared(validate: Validate | null | undefined): Validate {
  if (!validate) throw new Error('the contract has no shape for failures');
  return validate;
}
