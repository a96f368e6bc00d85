import { GatewayError } from './errors.ts';
import type { Page, PageRequest } from './ports/page.ts';
import type { UsageDimension, UsageFilter, UsageStore, UsageTotal } from './ports/usage-store.ts';
import { hasScopes, type Principal } from './principal.ts';

/** What was used, for those whom it concerns. */
export interface Ledger {
  /** Of the principal's user; `admin` sees all and may name one. */
  list(
    principal: Principal,
    filter: UsageFilter,
    groupBy: readonly UsageDimension[],
    page: PageRequest,
  ): Promise<Page<UsageTotal>>;
}

export function createLedger(store: UsageStore): Ledger {
  return {
    async list(principal, filter, groupBy, page) {
      if (hasScopes(principal, ['admin'])) return store.listUsage(filter, groupBy, page);
      const { user } = principal;
      if (filter.user !== undefined && filter.user !== user) {
        throw new GatewayError('FORBIDDEN', 'Only `admin` may name another user.');
      }
      return store.listUsage({ ...filter, user }, groupBy, page);
    },
  };
}
