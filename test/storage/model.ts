import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GatewayError } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/message.ts';
import type { Page, PageRequest, Session, SessionChange, Store } from '../../src/core/ports/store.ts';
import type { Run } from '../../src/core/run.ts';
import { promisedTurnOf, turnOf } from './turns.ts';

/** What a store should hold, as plainly as it can be said: every session has its whole history by itself. */
export interface Model {
  time: number;
  sessions: Map<string, { user: string; session: Session; history: Message[] }>;
  runs: Run[];
}

export type Action =
  | { type: 'turn'; user: string; session: string; promised: boolean }
  /** A promised turn that nobody ends. */
  | { type: 'begin'; user: string; session: string }
  | { type: 'change'; user: string; session: string; change: SessionChange };

const user = fc.constantFrom('ann', 'bob');
const session = fc.constantFrom('a', 'b', 'c', 'A');
const setting = fc.constantFrom('x', null);

const change: fc.Arbitrary<SessionChange> = fc.oneof(
  fc.string().map((title) => ({ action: 'rename' as const, title })),
  fc
    .record({ model: setting, instructions: setting }, { requiredKeys: [] })
    .map((wanted) => ({ action: 'configure' as const, ...wanted })),
  fc.constantFrom('close' as const, 'reopen' as const).map((action) => ({ action })),
  { weight: 2, arbitrary: fc.constantFrom('reset' as const, 'delete' as const).map((action) => ({ action })) },
  { weight: 2, arbitrary: session.map((sessionId) => ({ action: 'fork' as const, sessionId })) },
);

export const anyActions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant('turn' as const), user, session, promised: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('begin' as const), user, session }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('change' as const), user, session, change }) },
  ),
  { maxLength: 40, size: 'max' },
);

export function createModel(): Model {
  return { time: 1000, sessions: new Map(), runs: [] };
}

/** Does the same to both, and compares what they answer. */
export async function act(store: Store, model: Model, action: Action): Promise<void> {
  model.time += 100;
  const { time } = model;
  switch (action.type) {
    case 'turn': {
      const turn = turnOf({ ...action, at: time });
      if (action.promised) {
        const { begin, finish } = promisedTurnOf({ ...action, at: time, run: { id: turn.run.id } });
        await store.beginTurn(begin);
        await store.finishTurn(finish);
        say(model, action, [begin.question, finish.answer], finish.run);
      } else {
        await store.finishTurn(turn);
        say(model, action, [turn.question, turn.answer], turn.run);
      }
      return;
    }
    case 'begin': {
      const { begin } = promisedTurnOf({ ...action, at: time });
      await store.beginTurn(begin);
      say(model, action, [begin.question], begin.run);
      return;
    }
    case 'change': {
      const want = changed(model, action, time);
      const got = await store
        .changeSession(action.user, action.session, action.change, time)
        .catch((error: unknown) => (error instanceof GatewayError ? error.code : error));
      assert.deepEqual(got, want);
    }
  }
}

/** Everything that a client could see of the store is as the model has it. */
export async function compare(store: Store, model: Model): Promise<void> {
  const held = new Set<string>();
  for (const name of ['ann', 'bob']) {
    const own = [...model.sessions.values()].filter((one) => one.user === name);
    const listed = own.map((one) => one.session).sort((a, b) => b.updatedAt - a.updatedAt);
    assert.deepEqual(await readAll((page) => store.listSessions(name, page)), listed);
    for (const { session: wanted, history } of own) {
      for (const { id } of history) held.add(id);
      assert.deepEqual(await store.loadTurn(name, wanted.id, 3), { session: wanted, history: history.slice(-3) });
      const messages = await readAll(
        async (page) => (await store.listMessages(name, wanted.id, page)) ?? { items: [] },
      );
      assert.deepEqual(messages, history.toReversed());
    }
  }
  for (const run of model.runs) await compareRun(store, run, held);
  await compareUsage(store, model);
}

/** Every run that ended is in the ledger once. */
async function compareUsage(store: Store, { runs }: Model): Promise<void> {
  const totals = await readAll((page) => store.listUsage({}, ['user'], page));
  const wanted = ['ann', 'bob'].flatMap((name) => {
    const ended = runs.filter(({ user: of, state }) => of === name && state !== 'running');
    const tokens = ended.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0);
    return ended.length === 0 ? [] : [{ user: name, runs: ended.length, totalTokens: tokens }];
  });
  assert.deepEqual(
    totals.map(({ user: of, runs: count, totalTokens }) => ({ user: of, runs: count, totalTokens })),
    wanted,
  );
}

/** What was said goes with the last session that held it, though perhaps not at once. */
async function compareRun(store: Store, { message, ...run }: Run, held: Set<string>): Promise<void> {
  const { message: stored, ...rest } = (await store.getRun(run.user, run.id)) ?? {};
  assert.deepEqual(rest, run);
  if (message && held.has(message.id)) assert.deepEqual(stored, message);
  else if (stored) assert.deepEqual(stored, message);
}

function say(model: Model, where: { user: string; session: string }, said: Message[], run: Run): void {
  const key = `${where.user} ${where.session}`;
  const found = model.sessions.get(key);
  const history = [...(found?.history ?? []), ...said];
  const before = found?.session ?? { id: where.session, state: 'open', createdAt: run.createdAt };
  const after: Session = { ...before, messageCount: history.length, updatedAt: run.endedAt ?? run.createdAt };
  model.sessions.set(key, { user: where.user, session: after, history });
  model.runs.push(run);
}

function changed(model: Model, action: Action & { type: 'change' }, now: number): Session | 'CONFLICT' | null {
  const key = `${action.user} ${action.session}`;
  const found = model.sessions.get(key);
  if (!found) return null;
  const { change: wanted } = action;
  const put = (session: Session, history = found.history, at = key) => {
    model.sessions.set(at, { ...found, session, history });
    return session;
  };
  const before = { ...found.session, updatedAt: now };
  switch (wanted.action) {
    case 'rename':
      return put({ ...before, title: wanted.title });
    case 'configure':
      return put(withoutNulls({ ...before, ...wanted }));
    case 'close':
      return put({ ...before, state: 'closed' });
    case 'reopen':
      return put({ ...before, state: 'open' });
    case 'reset':
      return put({ ...before, messageCount: 0 }, []);
    case 'delete':
      model.sessions.delete(key);
      return found.session;
    case 'fork': {
      const at = `${action.user} ${wanted.sessionId}`;
      if (model.sessions.has(at)) return 'CONFLICT';
      return put({ ...before, id: wanted.sessionId, state: 'open', createdAt: now }, found.history, at);
    }
  }
}

function withoutNulls({
  model,
  instructions,
  action: _,
  ...rest
}: Omit<Session, 'model' | 'instructions'> & {
  action: string;
  model?: string | null;
  instructions?: string | null;
}): Session {
  return {
    ...rest,
    ...(model === undefined || model === null ? {} : { model }),
    ...(instructions === undefined || instructions === null ? {} : { instructions }),
  };
}

export async function readAll<Item>(
  read: (page: PageRequest) => Promise<Page<Item>>,
  limit = 2,
  from?: string,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor = from;
  do {
    const page: Page<Item> = await read({ limit, ...(cursor === undefined ? {} : { cursor }) });
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}
