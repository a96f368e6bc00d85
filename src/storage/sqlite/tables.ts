import { type Abandoned, createAbandoned } from './abandoned.ts';
import type { Shared } from './commits.ts';
import type { Connection } from './connection.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createEvents, type Events } from './events.ts';
import { createHistory, type History } from './history.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';
import { createKeys, type Keys } from './keys.ts';
import { createMessages } from './messages.ts';
import { createRuns, type Runs } from './runs.ts';
import { createSenders, type Senders } from './senders.ts';
import { type ChangeSession, createChangeSession } from './session-changes.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createTurns, type Turns } from './turns.ts';
import { createUsages, type Usages } from './usage.ts';
import { createVersionUses, type VersionUses } from './version-use.ts';

/** Everything that knows SQL. Its writes must happen inside a transaction of `commits.ts`. */
export interface Tables {
  sessions: Sessions;
  history: History;
  runs: Runs;
  turns: Turns;
  keys: Keys;
  idempotency: Idempotency;
  versionUse: VersionUses;
  usage: Usages;
  events: Events;
  deliveries: Deliveries;
  senders: Senders;
  abandoned: Abandoned;
  changeSession: ChangeSession;
  shared: Shared;
}

export function createTables(connection: Connection): Tables {
  const sessions = createSessions(connection);
  const messages = createMessages(connection);
  const runs = createRuns(connection, messages);
  const abandoned = createAbandoned(connection, messages);
  const usage = createUsages(connection);
  return {
    sessions,
    history: createHistory(sessions, messages),
    runs,
    abandoned,
    turns: createTurns({ sessions, messages, runs }),
    keys: createKeys(connection),
    idempotency: createIdempotency(connection),
    versionUse: createVersionUses(connection),
    usage,
    events: createEvents(connection),
    deliveries: createDeliveries(connection),
    senders: createSenders(connection),
    changeSession: createChangeSession({ sessions, messages, runs, abandoned }),
    shared: {
      forget() {
        sessions.forgetUsers();
        usage.forget();
      },
      write: () => usage.write(),
    },
  };
}
