import type { Page, PageRequest } from '../core/ports/store.ts';

/** Entries on a page when the client names no number; the contract says so. */
const defaultLimit = 100;

export function fromPageQuery(query: { limit?: number; cursor?: string } | undefined): PageRequest {
  return { limit: defaultLimit, ...query };
}

export function toPage<From, To>(page: Page<From>, map: (item: From) => To): Page<To> {
  return { ...page, items: page.items.map(map) };
}
