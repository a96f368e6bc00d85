import type { components } from '../../generated/types/2026-11-01.ts';
import type { UsageTotal } from '../core/ports/usage-store.ts';
import { toCost } from './to-cost.ts';

export type UsageEntry = components['schemas']['UsageEntry'];

export function toUsageEntry({ cost, ...total }: UsageTotal): UsageEntry {
  return { ...total, ...(cost === undefined ? {} : { cost: toCost(cost) }) };
}
