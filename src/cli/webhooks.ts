import { loadConfig } from '../config/index.ts';
import type { EventState, StoredDelivery, StoredEvent } from '../core/ports/event-store.ts';
import type { Store } from '../core/ports/store.ts';
import { openStore } from '../server.ts';
import { Failure } from './failure.ts';
import { note, print, printJson, table } from './terminal.ts';

const states: readonly EventState[] = ['pending', 'processing', 'answered', 'ignored', 'parked'];

export interface ListOptions {
  channel?: string;
  state?: string;
  limit: number;
  json?: boolean;
}

export async function listEvents(options: ListOptions): Promise<void> {
  const { channel, limit } = options;
  const state = options.state === undefined ? undefined : toState(options.state);
  const filter = { ...(channel === undefined ? {} : { channel }), ...(state === undefined ? {} : { state }) };
  const { items } = await withStore((store) => store.listEvents(filter, { limit }));
  if (options.json) return printJson(items.map(toShown));
  if (items.length === 0) return note('There are no such events.');
  print(
    table(
      ['ID', 'CHANNEL', 'STATE', 'TRIES', 'RECEIVED', 'ERROR'],
      items.map(({ id, channel, state, attempts, receivedAt, error, ignored }) => [
        id,
        channel,
        state,
        String(attempts),
        new Date(receivedAt).toISOString().slice(0, 19),
        error ?? ignored ?? '',
      ]),
    ),
  );
}

export async function showEvent(id: string, { json }: { json?: boolean }): Promise<void> {
  const found = await withStore((store) => store.getEvent(id));
  if (!found) throw new Failure(`There is no event ${id}. \`npm run gateway -- webhooks list\` shows what there is.`);
  show(found.event, found.deliveries, json);
}

export async function replayEvent(id: string, { json }: { json?: boolean }): Promise<void> {
  const found = await withStore(async (store) => {
    await store.replayEvent(id, Date.now());
    return store.getEvent(id);
  });
  if (!found) throw new Failure(`There is no event ${id}. \`npm run gateway -- webhooks list\` shows what there is.`);
  show(found.event, found.deliveries, json);
}

function show(event: StoredEvent, deliveries: readonly StoredDelivery[], json = false): void {
  if (json) {
    printJson({ ...toShown(event), deliveries: deliveries.map(toShown) });
    return;
  }
  print(
    `${event.id}  ${event.channel}  ${event.state}  ${event.attempts} tries  ${event.error ?? event.ignored ?? ''}`,
  );
  for (const { id, state, attempts, error = '' } of deliveries) print(`  ${id}  ${state}  ${attempts} tries  ${error}`);
}

/** Where an answer goes may hold a token, and is nobody's business. */
function toShown<Item extends { target: unknown }>({ target: _, ...shown }: Item): Omit<Item, 'target'> {
  return shown;
}

async function withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore(loadConfig());
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function toState(name: string): EventState {
  const state = states.find((known) => known === name);
  if (state) return state;
  throw new Failure(`There is no state ${name}. There are ${states.join(', ')}.`);
}
