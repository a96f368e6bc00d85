import { existsSync } from 'node:fs';
import type { Config } from '../../config/index.ts';
import { openStore } from '../../server.ts';
import type { Finding } from './finding.ts';

const what = 'prices';

/** A budget is as good as the prices behind it: a model without one counts nothing. Silent where nobody has a budget. */
export async function checkPrices(config: Config, folder: Finding): Promise<Finding[]> {
  const served = config.providers.flatMap(({ name, type, configured, models }) =>
    configured && type !== 'echo' ? models.map((model) => `${name}/${model}`) : [],
  );
  const unpriced = served.filter((target) => !Object.hasOwn(config.prices, target));
  if (unpriced.length === 0 || !(await hasBudget(config, folder))) return [];
  const rest = unpriced.length > 3 ? `, and ${unpriced.length - 3} more` : '';
  return [
    {
      what,
      state: 'attention',
      found: `budgets do not count what has no price: ${unpriced.slice(0, 3).join(', ')}${rest}`,
      fix: 'Give gateway.prices theirs; 0 for what is free.',
    },
  ];
}

async function hasBudget(config: Config, folder: Finding): Promise<boolean> {
  if (config.limits.budget) return true;
  if (folder.state === 'broken' || !existsSync(config.home)) return false;
  try {
    const store = await openStore(config);
    const keys = await store.loadKeys().finally(() => store.close());
    return keys.some(({ limits, revokedAt }) => limits.budget !== undefined && revokedAt === undefined);
  } catch {
    // What is wrong with the store is a finding of its own.
    return false;
  }
}
