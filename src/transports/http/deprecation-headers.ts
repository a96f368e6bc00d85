import type { OperationId } from '../../../generated/operations.ts';
import type { Ending, Version } from '../../versions/version.ts';

/**
 * Announces the end of a version, or of the operation or a member that this request used: RFC 9745 `Deprecation`,
 * RFC 8594 `Sunset`, and links to where to go.
 */
export function deprecationHeaders(version: Version, operation: OperationId, members: readonly string[]): string[] {
  const { deprecation, retiring } = version;
  const endings: (Ending | undefined)[] = [
    deprecation,
    retiring?.operations[operation],
    ...members.map((pointer) => retiring?.members[operation]?.[pointer]),
  ];
  const present = endings.filter((ending) => ending !== undefined);
  if (present.length === 0) return [];
  // Of several, the first to come is what a client has to know of. A part without a date of its own began with its version.
  const since = present.map(({ deprecated }) => deprecated ?? version.date).toSorted()[0] ?? version.date;
  const until = present.flatMap(({ sunset }) => sunset ?? []).toSorted()[0];
  const successor = deprecation ? `, </docs?version=${deprecation.successor}>; rel="successor-version"` : '';
  return [
    'Deprecation',
    `@${Date.parse(since) / 1000}`,
    ...(until === undefined ? [] : ['Sunset', new Date(until).toUTCString()]),
    'Link',
    `</docs/changelog>; rel="deprecation"; type="text/html"${successor}`,
  ];
}
