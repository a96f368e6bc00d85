import type { Session, SessionChange } from '../../core/ports/store.ts';
import type { Abandoned } from './abandoned.ts';
import type { PlacedSession, SessionSettings, Sessions } from './sessions.ts';

/** Applies one change to a session; null when there is none. A fork fails when its name is in use. */
export type ChangeSession = (user: string, name: string, change: SessionChange, now: number) => Session | null;

export function createChangeSession(sessions: Sessions, abandoned: Abandoned): ChangeSession {
  function leave({ tree, head }: PlacedSession): void {
    if (tree !== null && head !== null) abandoned.add(head, tree);
  }

  function reset(placed: PlacedSession, now: number): void {
    leave(placed);
    sessions.plant({ ...placed, tree: null, head: null, count: 0 }, now);
  }

  function set(placed: PlacedSession, settings: Partial<SessionSettings>, now: number): void {
    const { title, state, model, instructions } = placed.session;
    const before = { title: title ?? null, state, model: model ?? null, instructions: instructions ?? null };
    sessions.update(placed, { ...before, ...settings }, now);
  }

  /** Answers the name of the session to show, or the session as it was when it is gone. */
  function apply(placed: PlacedSession, change: SessionChange, now: number): string | Session {
    const { session } = placed;
    switch (change.action) {
      case 'rename':
        set(placed, { title: change.title }, now);
        return session.id;
      case 'configure': {
        const { model, instructions } = change;
        set(
          placed,
          { ...(model === undefined ? {} : { model }), ...(instructions === undefined ? {} : { instructions }) },
          now,
        );
        return session.id;
      }
      case 'close':
        set(placed, { state: 'closed' }, now);
        return session.id;
      case 'reopen':
        set(placed, { state: 'open' }, now);
        return session.id;
      case 'reset':
        reset(placed, now);
        return session.id;
      case 'fork':
        sessions.createLike(placed, change.sessionId, now);
        return change.sessionId;
      case 'delete':
        leave(placed);
        sessions.remove(placed);
        return session;
    }
  }

  return (user, name, change, now) => {
    const placed = sessions.find(user, name);
    if (!placed) return null;
    const shown = apply(placed, change, now);
    return typeof shown === 'string' ? (sessions.find(user, shown)?.session ?? null) : shown;
  };
}
