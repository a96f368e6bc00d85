import { type ApiVersion, apiVersions, type OperationId, operations } from '../../generated/operations.ts';

/** What of a version will be retired, and when: from `deprecated` and `x-sunset` of the contract. */
export interface Deprecations {
  /** The version as a whole. */
  readonly version?: Deprecation;
  readonly operations: Readonly<Partial<Record<OperationId, Deprecation>>>;
  /** Members of request bodies, as JSON pointers. */
  readonly members: Readonly<Partial<Record<OperationId, Readonly<Record<string, Deprecation>>>>>;
}

export interface Deprecation {
  /** A date; absent where the contract names none. */
  readonly deprecated?: string;
  readonly sunset?: string;
}

export function deprecationsOf(date: ApiVersion): Deprecations {
  const entry = apiVersions.find((version) => version.date === date);
  const ending = Object.entries(operations[date]).filter(([, operation]) => operation.deprecated);
  return {
    ...(entry?.deprecated ? { version: dated(entry.deprecated, entry.sunset) } : {}),
    operations: Object.fromEntries(ending.map(([id, { sunset }]) => [id, sunset ? { sunset } : {}])),
    members: Object.fromEntries(
      Object.entries(operations[date]).flatMap(([id, { deprecatedMembers }]) =>
        deprecatedMembers ? [[id, deprecatedMembers]] : [],
      ),
    ),
  };
}

function dated(deprecated: string, sunset: string | undefined): Deprecation {
  return { deprecated, ...(sunset ? { sunset } : {}) };
}
