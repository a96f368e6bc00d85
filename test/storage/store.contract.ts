import type { Store } from '../../src/core/ports/store.ts';
import { describeChanges } from './contract/changes.ts';
import { describeDeliveries } from './contract/deliveries.ts';
import { describeEvents } from './contract/events.ts';
import { describeIdempotency } from './contract/idempotency.ts';
import { describeKeys } from './contract/keys.ts';
import { describeLanes } from './contract/lanes.ts';
import { describeLife } from './contract/life.ts';
import { describePages } from './contract/pages.ts';
import { describeRandomUse } from './contract/random-use.ts';
import { describeTurns } from './contract/turns.ts';
import { describeUsage } from './contract/usage.ts';

/** The place where a store keeps its data: empty at first, and opened as often as a test wants, also twice at once. */
export interface StoreSite {
  open(options?: { now?: number; recover?: boolean }): Promise<Store>;
  /** Closes what is open and takes the data away. */
  remove(): Promise<void>;
}

/** What every store does, whatever it is made of. */
export function storeContract(name: string, makeSite: () => Promise<StoreSite>): void {
  describe(`${name} keeps the store contract`, () => {
    for (const part of [
      describeTurns,
      describeChanges,
      describePages,
      describeKeys,
      describeIdempotency,
      describeEvents,
      describeDeliveries,
      describeUsage,
      describeLanes,
      describeLife,
      describeRandomUse,
    ]) {
      part(makeSite);
    }
  });
}
