import type { Message } from '../../core/message.ts';
import type { Turn, TurnBegin, TurnFinish } from '../../core/ports/store.ts';
import type { Run } from '../../core/run.ts';
import type { Messages } from './messages.ts';
import type { Runs } from './runs.ts';
import type { Place, Sessions, Standing } from './sessions.ts';

/** A turn as the store sees it: messages at the head of a session, and the run that they came from. */
export interface Turns {
  load(user: string, sessionId: string, limit: number): Turn | null;
  begin(begin: TurnBegin): void;
  /** Answers whether the turn had been begun. */
  finish(finish: TurnFinish): boolean;
}

interface Said {
  /** The user's number. */
  user: number;
  /** Where the last message lies. */
  last: number | null;
}

const nowhere: Place = { tree: null, head: null, count: 0 };

export function createTurns(parts: { sessions: Sessions; messages: Messages; runs: Runs }): Turns {
  const { sessions, messages, runs } = parts;

  /** Puts messages behind one another, and answers where that leads. */
  function append(from: Place, said: readonly Message[], runId: string): Place {
    let { tree, head } = from;
    for (const message of said) {
      head = messages.append(message, runId, { tree, head });
      tree ??= head;
    }
    return { tree, head, count: from.count + said.length };
  }

  function moveTo(standing: Standing, place: Place, now: number): void {
    const moved = { ...standing, ...place };
    if (place.tree === standing.tree) sessions.move(moved, now);
    else sessions.plant(moved, now);
  }

  /** Puts messages at the head of a session, which is made if need be, with its head where they end. */
  function say({ user, run, isNew }: Pick<TurnFinish, 'user' | 'run' | 'isNew'>, said: Message[], now: number): Said {
    const standing = isNew ? undefined : sessions.locate(user, run.sessionId);
    const place = append(standing ?? nowhere, said, run.id);
    if (standing) {
      moveTo(standing, place, now);
      return { user: standing.user, last: place.head };
    }
    const number = sessions.userOf(user);
    sessions.create(number, run.sessionId, place, { created: run.createdAt, updated: now });
    return { user: number, last: place.head };
  }

  /** What a run says after its session was deleted or reset belongs to nobody: only the run itself is kept. */
  function finishBegun({ user, run, before = [], answer }: TurnFinish, question: number): void {
    const standing = sessions.locate(user, run.sessionId);
    const said = answer ? [...before, answer] : before;
    const tree = standing?.tree ?? null;
    const isThere = tree !== null && messages.isOfRun(question, run.id, tree);
    if (!standing || !isThere || said.length === 0) {
      runs.end(run, null);
      return;
    }
    const place = append(standing, said, run.id);
    moveTo(standing, place, timeOf(run));
    runs.end(run, answer ? place.head : null);
  }

  /** A run that said nothing has nothing to put into a session, and makes none. */
  function finishAtOnce(finish: TurnFinish): void {
    const { user, run, before = [], question, answer } = finish;
    const said = [...before, ...(question ? [question] : []), ...(answer ? [answer] : [])];
    if (said.length === 0) {
      runs.insert(run, sessions.userOf(user), { question: null, answer: null });
      return;
    }
    const { user: number, last } = say(finish, said, timeOf(run));
    runs.insert(run, number, { question: null, answer: answer ? last : null });
  }

  return {
    load(user, sessionId, limit) {
      const found = sessions.find(user, sessionId);
      if (!found) return null;
      const newest = found.head === null ? [] : messages.read(found.head, limit);
      return { session: found.session, history: newest.reverse().map(({ message }) => message) };
    },
    begin({ user, run, question }) {
      const { user: number, last } = say({ user, run }, [question], run.createdAt);
      runs.insert(run, number, { question: last, answer: null });
    },
    finish(finish) {
      const begun = finish.question || finish.isNew ? null : runs.begun(finish.user, finish.run.id);
      if (begun) finishBegun(finish, begun.question);
      else finishAtOnce(finish);
      return begun !== null;
    },
  };
}

function timeOf({ endedAt, createdAt }: Run): number {
  return endedAt ?? createdAt;
}
