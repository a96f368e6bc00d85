import fc from 'fast-check';
import { act, anyActions, compare, createModel } from '../model.ts';
import type { StoreSite } from '../store.contract.ts';

export function describeRandomUse(makeSite: () => Promise<StoreSite>): void {
  describe('whatever is done to sessions', () => {
    it('holds what a plain model holds, also after it is opened again', async () => {
      const property = fc.asyncProperty(anyActions, fc.nat(40), async (actions, closedAfter) => {
        const site = await makeSite();
        try {
          let store = await site.open({ recover: false });
          const model = createModel();
          for (const [index, action] of actions.entries()) {
            if (index === closedAfter) {
              await store.close();
              store = await site.open({ recover: false });
            }
            await act(store, model, action);
          }
          await compare(store, model);
        } finally {
          await site.remove();
        }
      });
      await fc.assert(property, { numRuns: 25 });
    });
  });
}
