import { makeSqliteSite } from './sqlite-site.ts';
import { storeContract } from './store.contract.ts';

storeContract('sqlite', async () => makeSqliteSite());
