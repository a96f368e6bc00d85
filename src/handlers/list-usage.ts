import type { Page, PageRequest } from '../core/ports/page.ts';
import { type UsageDimension, type UsageTotal, usageDimensions } from '../core/ports/usage-store.ts';
import { usageCsv } from '../core/usage-csv.ts';
import type { Handler } from './handler.ts';
import { fromPageQuery, toPage } from './page.ts';
import { toUsageEntry } from './to-usage-entry.ts';

/** How much of a table is read at a time. */
const csvPage = 1000;

export const listUsage: Handler<'listUsage'> = async ({ gateway, principal, accept }, { query }, reply) => {
  const { format = wantsCsv(accept) ? 'csv' : 'json', groupBy, limit, cursor, ...filter } = query;
  const dimensions = fromGroupBy(groupBy);
  const list = (page: PageRequest) => gateway.ledger.list(principal, filter, dimensions, page);
  const place = cursor === undefined ? {} : { cursor };
  if (format === 'json') {
    return reply(
      200,
      toPage(await list(fromPageQuery({ ...(limit === undefined ? {} : { limit }), ...place })), toUsageEntry),
    );
  }
  return reply.text({ contentType: 'text/csv', chunks: tableOf(dimensions, list, { limit, ...place }) });
};

async function* tableOf(
  dimensions: readonly UsageDimension[],
  list: (page: PageRequest) => Promise<Page<UsageTotal>>,
  { limit, cursor }: { limit?: number | undefined; cursor?: string },
): AsyncGenerator<string> {
  const { head, rows } = usageCsv(dimensions);
  let next = cursor;
  let before = head;
  do {
    const page = await list({ limit: limit ?? csvPage, ...(next === undefined ? {} : { cursor: next }) });
    yield before + rows(page.items);
    before = '';
    next = limit === undefined ? page.nextCursor : undefined;
  } while (next !== undefined);
}

/** In the order in which entries are sorted, whatever the request's is. */
function fromGroupBy(groupBy: string | undefined): UsageDimension[] {
  const named = groupBy?.split(',');
  return usageDimensions.filter((dimension) => named?.includes(dimension) ?? true);
}

/** JSON, unless CSV is asked for more. */
function wantsCsv(accept = ''): boolean {
  return qualityOf(accept, 'text/csv') > qualityOf(accept, 'application/json');
}

/** RFC 9110, section 12.5.1; what is not named is not asked for. */
function qualityOf(accept: string, type: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    if (name === type) return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
