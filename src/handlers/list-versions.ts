import { type ApiVersionEntry, apiVersions } from '../../generated/operations.ts';
import type { Handler } from './handler.ts';

/** The version that is used when nothing names one. */
const defaultVersion = '2026-03-01';

export const listVersions: Handler<'listVersions'> = (_context, _input, reply) =>
  reply(200, {
    items: apiVersions.map((entry) => ({
      version: entry.date,
      family: entry.family,
      state: stateOf(entry),
      default: entry.date === defaultVersion,
      ...(entry.deprecated ? { deprecatedAt: `${entry.deprecated}T00:00:00Z` } : {}),
      ...(entry.sunset ? { sunsetAt: `${entry.sunset}T00:00:00Z` } : {}),
    })),
  });

function stateOf(entry: ApiVersionEntry): 'current' | 'supported' | 'deprecated' {
  if (entry.deprecated) return 'deprecated';
  return entry === apiVersions.at(-1) ? 'current' : 'supported';
}
