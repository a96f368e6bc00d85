import type { Session, SessionChange } from '../../core/ports/store.ts';
import type { Abandoned } from './abandoned.ts';
import type { Messages } from './messages.ts';
import type { Runs } from './runs.ts';
import type { PlacedSession, SessionSettings, Sessions } from './sessions.ts';

/** Applies one change to a session; null when there is none. A fork fails when its name is in use. */
export type ChangeSession = (user: string, name: string, change: SessionChange, now: number) => Session | null;

export interface ChangeSessionParts {
  sessions: Sessions;
  messages: Messages;
  runs: Runs;
  abandoned: Abandoned;
}

export function createChangeSession({ sessions, messages, runs, abandoned }: ChangeSessionParts): ChangeSession {
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

  /** The session as it stood after a run; null when what the run said is not in its tree any more. */
  function behind(placed: PlacedSession, runId: string): PlacedSession | null {
    const head = runs.answerOf(runId);
    if (head === null || placed.tree === null || !messages.isOfRun(head, runId, placed.tree)) return null;
    return { ...placed, head, count: messages.countTo(head) };
  }

  /** Answers the name of the session to show, the session as it was when it is gone, or null when it cannot be done. */
  function apply(placed: PlacedSession, change: SessionChange, now: number): string | Session | null {
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
      case 'fork': {
        const origin = change.behind === undefined ? placed : behind(placed, change.behind);
        if (!origin) return null;
        sessions.createLike(origin, change.sessionId, now);
        return change.sessionId;
      }
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
