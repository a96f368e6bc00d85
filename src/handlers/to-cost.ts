import type { components } from '../../generated/types/2026-11-01.ts';
import { type NanoDollars, toDollars } from '../core/prices.ts';

export function toCost(cost: NanoDollars): components['schemas']['Cost'] {
  return { amount: toDollars(cost), currency: 'USD' };
}
