import type { ApiVersionEntry } from '../../generated/operations.ts';
import type { components } from '../../generated/types/2026-11-01.ts';
import { toTimestamp } from './to-timestamp.ts';

type VersionInfo = components['schemas']['VersionInfo'];

/** The version that is used when nothing names one. */
const defaultVersion = '2026-03-01';

/** What there is to tell of a version at this time, among all of them, oldest first. */
export function toVersionInfo(entry: ApiVersionEntry, all: readonly ApiVersionEntry[], now: number): VersionInfo {
  const { date, family, deprecated, sunset } = entry;
  return {
    version: date,
    family,
    state: stateOf(entry, all, now),
    default: date === defaultVersion,
    ...(deprecated ? { deprecatedAt: toTimestamp(Date.parse(deprecated)) } : {}),
    ...(sunset ? { sunsetAt: toTimestamp(Date.parse(sunset)) } : {}),
  };
}

function stateOf(entry: ApiVersionEntry, all: readonly ApiVersionEntry[], now: number): VersionInfo['state'] {
  if (entry.sunset && now >= Date.parse(entry.sunset)) return 'retired';
  if (entry.deprecated) return 'deprecated';
  return entry === all.at(-1) ? 'current' : 'supported';
}
