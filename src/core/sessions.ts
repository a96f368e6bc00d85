import { GatewayError } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Message } from './message.ts';
import type { Clock } from './ports/clock.ts';
import type { Lanes } from './ports/lanes.ts';
import type { Signal } from './ports/signal.ts';
import type { Page, PageRequest, Session, SessionChange, Store } from './ports/store.ts';
import type { Principal } from './principal.ts';
import { laneOf } from './turn.ts';

/** The sessions of one user, under names of that user's own. What a user does not have does not exist. */
export interface Sessions {
  list(principal: Principal, page: PageRequest): Promise<Page<Session>>;
  get(principal: Principal, id: string): Promise<Session>;
  messages(principal: Principal, id: string, page: PageRequest): Promise<Page<Message>>;
  /** Answers the session after the change: the new one after `fork`, the one that was after `delete`. */
  change(principal: Principal, id: string, change: WantedChange, signal: Signal): Promise<Session>;
}

/** A `fork` may leave the new session's id to the gateway. */
export type WantedChange = Exclude<SessionChange, { action: 'fork' }> | { action: 'fork'; sessionId?: string };

export function createSessions(parts: { store: Store; lanes: Lanes; clock: Clock; ids: Ids }): Sessions {
  const { store, lanes, clock, ids } = parts;

  async function apply(user: string, id: string, change: SessionChange): Promise<Session> {
    return (await store.changeSession(user, id, change, clock.now())) ?? missing(id);
  }

  return {
    list: (principal, page) => store.listSessions(principal.user, page),
    get: async (principal, id) => (await store.getSession(principal.user, id)) ?? missing(id),
    messages: async (principal, id, page) => (await store.listMessages(principal.user, id, page)) ?? missing(id),
    async change({ user }, id, change, signal) {
      switch (change.action) {
        case 'fork':
          return apply(user, id, { action: 'fork', sessionId: change.sessionId ?? ids.session() });
        case 'reset':
        case 'delete': {
          // A turn that is under way would bring back what is being forgotten.
          const leave = await lanes.enter(laneOf(user, id), signal);
          try {
            return await apply(user, id, change);
          } finally {
            leave();
          }
        }
        case 'rename':
        case 'configure':
        case 'close':
        case 'reopen':
          return apply(user, id, change);
      }
    },
  };
}

function missing(id: string): never {
  throw new GatewayError('SESSION_NOT_FOUND', `There is no session ${id}.`);
}
