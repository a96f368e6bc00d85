import type { ProviderCall } from '../core/ports/provider.ts';

/** Anthropic's mark on what its cache is to keep. Programs that speak to Claude in OpenAI's words set it there too. */
interface Marked {
  cache_control?: { ttl?: unknown } | null;
}

/**
 * Whether a provider that caches only what it is told to is to keep the prompt, and for how long: as long as the longest
 * of the marks. Where they stand does not count, because what is kept goes up to the end of the prompt.
 */
export function cacheOf(...places: (readonly Marked[] | null | undefined)[]): Pick<ProviderCall, 'cache'> {
  const marks = places.flatMap((place) => place?.flatMap(({ cache_control: mark }) => mark ?? []) ?? []);
  if (marks.length === 0) return {};
  return { cache: marks.some(({ ttl }) => ttl === '1h') ? '1h' : '5m' };
}
