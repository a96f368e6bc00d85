import type { Message } from '../../../src/core/message.ts';
import type { Session, Store, StoredKey, TurnFinish } from '../../../src/core/ports/store.ts';
import type { Run } from '../../../src/core/run.ts';

/** As much of a store as a socket's turns need, without a disk. What no socket asks for says so when it is asked. */
export interface MemoryStore extends Store {
  /** Makes a session closed, as somebody else's request would. */
  closeSession(user: string, id: string): void;
  runs: Map<string, Run>;
}

export function createMemoryStore(): MemoryStore {
  const sessions = new Map<string, { session: Session; history: Message[] }>();
  const runs = new Map<string, Run>();
  let keys: StoredKey[] = [];

  function sessionOf(user: string, id: string, now: number): { session: Session; history: Message[] } {
    const name = `${user}/${id}`;
    const fresh: Session = { id, state: 'open', messageCount: 0, createdAt: now, updatedAt: now };
    const found = sessions.get(name) ?? { session: fresh, history: [] };
    sessions.set(name, found);
    return found;
  }

  function finish({ user, run, question, answer }: TurnFinish): void {
    runs.set(run.id, run);
    if (!answer) return;
    const { history } = sessionOf(user, run.sessionId, run.createdAt);
    history.push(...(question ? [question] : []), answer);
  }

  return {
    runs,
    closeSession(user, id) {
      const found = sessionOf(user, id, 0);
      found.session = { ...found.session, state: 'closed' };
    },
    open: async () => {},
    close: async () => {},
    check: async () => {},
    watchKeys: () => () => {},
    loadTurn: async (user, id) => sessions.get(`${user}/${id}`) ?? null,
    async beginTurn({ user, run, question }) {
      runs.set(run.id, run);
      sessionOf(user, run.sessionId, run.createdAt).history.push(question);
    },
    finishTurn: async (turn) => finish(turn),
    getSession: async (user, id) => sessions.get(`${user}/${id}`)?.session ?? null,
    getRun: async (_user, id) => runs.get(id) ?? null,
    async createKey(key) {
      keys = [...keys, key];
    },
    loadKeys: async () => keys,
    async updateKey(id, change) {
      keys = keys.map((key) => (key.id === id ? { ...key, ...change } : key));
      return true;
    },
    listSessions: () => unasked('listSessions'),
    listMessages: () => unasked('listMessages'),
    changeSession: () => unasked('changeSession'),
    claimIdempotency: () => unasked('claimIdempotency'),
    addVersionUse: async () => {},
    loadVersionUse: async () => [],
    settleIdempotency: () => unasked('settleIdempotency'),
    listUsage: () => unasked('listUsage'),
    costSince: async () => 0,
    acceptEvents: () => unasked('acceptEvents'),
    claimEvents: () => unasked('claimEvents'),
    claimSuspects: () => unasked('claimSuspects'),
    settleEvent: () => unasked('settleEvent'),
    answerEvent: () => unasked('answerEvent'),
    rememberPlaceholder: () => unasked('rememberPlaceholder'),
    claimDeliveries: () => unasked('claimDeliveries'),
    settleDelivery: () => unasked('settleDelivery'),
    getEvent: () => unasked('getEvent'),
    listEvents: () => unasked('listEvents'),
    replayEvent: () => unasked('replayEvent'),
    channelActivity: () => unasked('channelActivity'),
    noteSender: () => unasked('noteSender'),
    allowSender: () => unasked('allowSender'),
    listSenders: () => unasked('listSenders'),
  };
}

function unasked(name: string): never {
  throw new Error(`a socket asked the store to ${name}`);
}
