import { GatewayError } from '../../core/errors.ts';
import type { EventAnswer, EventOutcome } from '../../core/ports/event-store.ts';
import type { Store } from '../../core/ports/store.ts';
import { createFaults } from './faults.ts';
import { openParts, type Parts, type SqliteStoreOptions } from './parts.ts';
import type { Tables } from './tables.ts';

export type { SqliteStoreOptions };

/**
 * The store on one SQLite file. Reads happen at once on the caller's thread; writes are grouped (`commits.ts`), put on
 * the disk where that was promised (`log-sync.ts`) and moved out of the log by a thread (`checkpoints.ts`). The rest
 * are the tables: each takes a connection and gives functions that know SQL and nothing of transactions.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const faults = createFaults(options);
  let opened: Parts | undefined;
  let reclaiming = false;
  let refusedAt = Number.NEGATIVE_INFINITY;

  function parts(): Parts {
    if (!opened) throw notOpen();
    return opened;
  }

  async function read<Result>(work: (tables: Tables) => Result): Promise<Result> {
    try {
      return work(parts().tables);
    } catch (error) {
      throw faults.toGatewayError(error);
    }
  }

  function write<Result>(
    work: (tables: Tables) => Result,
    durable?: (result: Result) => boolean,
    urgent?: boolean,
  ): Promise<Result> {
    if (!opened) return Promise.reject(notOpen());
    const { tables, commits } = opened;
    return commits.add(() => work(tables), durable, urgent);
  }

  /** Goes on in small pieces behind the caller's back. What is left when it fails or ends waits for the next time. */
  async function reclaim(): Promise<void> {
    if (reclaiming) return;
    reclaiming = true;
    try {
      while (await write(({ abandoned }) => abandoned.reclaim(reclaimedAtOnce)));
    } catch {
      // Counted and logged where it failed.
    } finally {
      reclaiming = false;
    }
  }

  return {
    async open(now) {
      if (opened) return;
      try {
        opened = openParts(options, faults, {
          kept() {
            refusedAt = Number.NEGATIVE_INFINITY;
          },
          refused() {
            refusedAt = options.clock.now();
          },
        });
      } catch (error) {
        throw faults.toGatewayError(error);
      }
      if (!options.recover) return;
      await write(({ runs, usage, idempotency, events, deliveries }) => {
        usage.addInterrupted(now);
        runs.interrupt(now);
        idempotency.withdrawUnsettled();
        events.release();
        deliveries.release(now);
      });
      void reclaim();
    },
    async close() {
      const closing = opened;
      opened = undefined;
      await closing?.close();
    },
    async check() {
      await parts().probe();
      // On a disk that is nearly full so little still fits, when nothing that anybody wants to store does.
      if (options.clock.now() - refusedAt < rememberedMs)
        throw new GatewayError('STORE_UNAVAILABLE', 'Something could not be stored a moment ago.');
    },
    watchKeys: (listener) => parts().keyWatch.watch(listener),

    loadTurn: (user, id, messages) => read(({ turns }) => turns.load(user, id, messages)),
    beginTurn: (begin) => write(({ turns }) => turns.begin(begin), always),
    finishTurn(finish) {
      let isPromised = false;
      return write(
        (tables) => {
          isPromised = tables.turns.finish(finish) || finish.event !== undefined;
          tables.usage.add(finish.run);
          if (finish.event)
            answerEvent(tables, finish.event, finish.run.id, finish.run.endedAt ?? finish.run.createdAt);
        },
        () => isPromised,
      );
    },

    getSession: (user, id) => read(({ sessions }) => sessions.find(user, id)?.session ?? null),
    listSessions: (user, page) => read(({ sessions }) => sessions.list(user, page)),
    listMessages: (user, id, page) => read(({ history }) => history.page(user, id, page)),
    async changeSession(user, id, change, now) {
      const changed = await write(({ changeSession }) => changeSession(user, id, change, now));
      if (change.action === 'reset' || change.action === 'delete') void reclaim();
      return changed;
    },

    getRun: (user, id) => read(({ runs }) => runs.get(user, id)),

    createKey: (key) => write(({ keys }) => keys.create(key), always),
    loadKeys: () => read(({ keys }) => keys.load()),
    updateKey: (id, change) => write(({ keys }) => keys.update(id, change), always),

    claimIdempotency: (claim, now) => write(({ idempotency }) => idempotency.claim(claim, now), always),
    settleIdempotency: (user, operation, key, answer) =>
      write(({ idempotency }) => idempotency.settle(user, operation, key, answer), always),

    addVersionUse: (use) => write(({ versionUse }) => versionUse.add(use)),
    loadVersionUse: () => read(({ versionUse }) => versionUse.load()),

    listUsage: (filter, groupBy, page) => read(({ usage }) => usage.list(filter, groupBy, page)),
    costSince: (user, keyId, day) => read(({ usage }) => usage.costSince(user, keyId, day)),

    acceptEvents: (accepted) => write(({ events }) => events.accept(accepted), always, true),
    claimEvents: (channel, now, limit) => write(({ events }) => events.claim(channel, now, limit)),
    claimSuspects: (now, limit) => write(({ events }) => events.claimSuspects(now, limit)),
    settleEvent: (id, outcome) => write((tables) => settleEvent(tables, id, outcome), always),
    answerEvent: (answer, now) => write((tables) => answerEvent(tables, answer, null, now), always),
    rememberPlaceholder: (id, message) => write(({ events }) => events.rememberPlaceholder(id, message), always),
    claimDeliveries: (channel, now, limit) => write(({ deliveries }) => deliveries.claim(channel, now, limit)),
    settleDelivery: (id, outcome) => write(({ deliveries }) => deliveries.settle(id, outcome), always),
    getEvent: (id) =>
      read(({ events, deliveries }) => {
        const found = events.find(id);
        return found ? { event: found.event, deliveries: deliveries.of(found) } : null;
      }),
    listEvents: (filter, page) => read(({ events }) => events.list(filter, page)),
    replayEvent: (id, now) =>
      write(({ events, deliveries }) => {
        const found = events.find(id);
        if (!found) return null;
        events.restart(id, now);
        deliveries.restart(found, now);
        return events.find(id)?.event ?? null;
      }, always),
    channelActivity: () => read(({ events }) => events.activity()),
    noteSender: (note, now) => write(({ senders }) => senders.note(note, now)),
    allowSender: (channel, id, now) => write(({ senders }) => senders.allow(channel, id, now), always),
    listSenders: (channel) => read(({ senders }) => senders.list(channel)),
  };
}

/** An event that somebody else has answered meanwhile is not answered twice. */
function answerEvent(tables: Tables, { eventId, deliveries }: EventAnswer, run: string | null, now: number): void {
  const event = tables.events.answer(eventId, run, now);
  if (event) tables.deliveries.add(event, deliveries);
}

function settleEvent({ events, deliveries }: Tables, id: string, outcome: EventOutcome): void {
  const ended = events.settle(id, outcome);
  if (ended && outcome.state !== 'pending' && outcome.notice) deliveries.addNotice(ended, outcome.notice);
}

const always = () => true;
/** A write that failed is told by the next checks, unless one has succeeded since. */
const rememberedMs = 1000;
/** Steps of about a microsecond and a half. */
const reclaimedAtOnce = 200;

function notOpen(): GatewayError {
  return new GatewayError('STORE_UNAVAILABLE', 'The store is not open.');
}
