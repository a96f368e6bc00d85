import type { Message } from '../../core/message.ts';
import type { Turn, TurnBegin, TurnFinish } from '../../core/ports/store.ts';
import type { Run } from '../../core/run.ts';
import type { Messages } from './messages.ts';
import type { Runs } from './runs.ts';
import type { Sessions, Standing } from './sessions.ts';

/** A turn as the store sees it: messages at the head of a session, and the run that they came from. */
export interface Turns {
  load(user: string, sessionId: string, limit: number): Turn | null;
  begin(begin: TurnBegin): void;
  /** Answers whether the turn had been begun. */
  finish(finish: TurnFinish): boolean;
}

export function createTurns(parts: { sessions: Sessions; messages: Messages; runs: Runs }): Turns {
  const { sessions, messages, runs } = parts;

  function open(user: string, sessionId: string, now: number): Standing {
    return sessions.locate(user, sessionId) ?? sessions.create(sessions.userOf(user), sessionId, now);
  }

  /** Puts messages at the head of a session, and answers where the last of them lies. */
  function append(standing: Standing, said: readonly Message[], runId: string, now: number): number | null {
    let { tree, head } = standing;
    for (const message of said) {
      head = messages.append(message, runId, { tree, head });
      tree ??= head;
    }
    const moved = { ...standing, tree, head, count: standing.count + said.length };
    if (tree === standing.tree) sessions.move(moved, now);
    else sessions.plant(moved, now);
    return head;
  }

  /** What a run says after its session was deleted or reset belongs to nobody: only the run itself is kept. */
  function finishBegun({ user, run, before = [], answer }: TurnFinish, question: number): void {
    const standing = sessions.locate(user, run.sessionId);
    const said = answer ? [...before, answer] : before;
    const tree = standing?.tree ?? null;
    const isThere = tree !== null && messages.isOfRun(question, run.id, tree);
    const last = standing && isThere && said.length > 0 ? append(standing, said, run.id, timeOf(run)) : null;
    runs.end(run, answer ? last : null);
  }

  /** A run that said nothing has nothing to put into a session, and makes none. */
  function finishAtOnce({ user, run, before = [], question, answer }: TurnFinish): void {
    const said = [...before, ...(question ? [question] : []), ...(answer ? [answer] : [])];
    if (said.length === 0) {
      runs.insert(run, sessions.userOf(user), { question: null, answer: null });
      return;
    }
    const standing = open(user, run.sessionId, run.createdAt);
    const last = append(standing, said, run.id, timeOf(run));
    runs.insert(run, standing.user, { question: null, answer: answer ? last : null });
  }

  return {
    load(user, sessionId, limit) {
      const found = sessions.find(user, sessionId);
      if (!found) return null;
      const newest = found.head === null ? [] : messages.read(found.head, limit);
      return { session: found.session, history: newest.reverse().map(({ message }) => message) };
    },
    begin({ user, run, question }) {
      const standing = open(user, run.sessionId, run.createdAt);
      const place = append(standing, [question], run.id, run.createdAt);
      runs.insert(run, standing.user, { question: place, answer: null });
    },
    finish(finish) {
      const begun = finish.question ? null : runs.begun(finish.user, finish.run.id);
      if (begun) finishBegun(finish, begun.question);
      else finishAtOnce(finish);
      return begun !== null;
    },
  };
}

function timeOf({ endedAt, createdAt }: Run): number {
  return endedAt ?? createdAt;
}
