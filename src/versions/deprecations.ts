import { apiVersions, type OperationId, operations } from '../../generated/operations.ts';
import type { Deprecation, Retiring, Version } from './version.ts';

/** A version with what its contract says of its end: `x-deprecated` and `x-sunset` of the document, `deprecated` in it. */
export function withDeprecations(version: Version): Version {
  const deprecation = deprecationOf(version.date);
  return { ...version, ...(deprecation ? { deprecation } : {}), retiring: retiringOf(version.date) };
}

function deprecationOf(date: Version['date']): Deprecation | undefined {
  const entry = apiVersions.find((version) => version.date === date);
  const successor = apiVersions.at(-1)?.date;
  if (!entry?.deprecated || successor === undefined) return undefined;
  return { deprecated: entry.deprecated, ...(entry.sunset ? { sunset: entry.sunset } : {}), successor };
}

function retiringOf(date: Version['date']): Retiring {
  const found: { operations: Retiring['operations']; members: Retiring['members'] } = { operations: {}, members: {} };
  const all = Object.entries(operations[date]);
  return all.reduce<Retiring>(({ operations: ending, members }, [id, operation]) => {
    const { deprecated, sunset, deprecatedMembers } = operation;
    return {
      operations: deprecated ? { ...ending, [id]: sunset ? { sunset } : {} } : ending,
      members: deprecatedMembers ? { ...members, [id]: deprecatedMembers } : members,
    };
  }, found);
}

/** The retiring members that a body uses, as JSON pointers. */
export function usedMembers(version: Version, operation: OperationId, body: unknown): string[] {
  const members = version.retiring?.members[operation];
  return members ? Object.keys(members).filter((pointer) => holds(body, pointer.split('/').slice(1))) : [];
}

/** `*` stands for any item of a list. */
function holds(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  if (step === '*') return Array.isArray(value) && value.some((item) => holds(item, rest));
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
  return holds(Reflect.get(value, name), rest);
}
