import type { Run } from '../../core/run.ts';
import type { Usage } from '../../core/usage.ts';
import type { Connection } from './connection.ts';
import type { Messages } from './messages.ts';
import { integer, integerOrNull, json, type Row, text, textOf, textOrNull, toRow } from './rows.ts';
import { isRunError, isTextRecord } from './shapes.ts';

/** What was done, by whom and at what cost. What was said is a message and is only pointed at. */
export interface Runs {
  insert(run: Run, user: number, places: RunPlaces): void;
  /** Where the question of a run lies that was begun and has not ended; null when it was not begun. */
  begun(user: string, id: string): { question: number } | null;
  end(run: Run, answer: number | null): void;
  get(user: string, id: string): Run | null;
  /** Where its answer lies; null when it has none. */
  answerOf(id: string): number | null;
  /** Ends what a crash left running. */
  interrupt(now: number): void;
}

export interface RunPlaces {
  question: number | null;
  answer: number | null;
}

const outcome = `state, model, provider, attempts, answer, finish_reason,
  input_tokens, output_tokens, total_tokens, cached_input_tokens, reasoning_tokens, estimated, error, ended, cost`;

const interrupted = JSON.stringify({
  code: 'INTERRUPTED',
  message: 'The run was cut by a restart of the gateway.',
  retryable: true,
});

export function createRuns({ prepare }: Connection, messages: Messages): Runs {
  const insert = prepare(`
    INSERT INTO runs (id, user, session, key, channel, question, metadata, created, ${outcome})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `);
  const end = prepare(`
    UPDATE runs SET (${outcome}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?
  `);
  const begun = prepare(`
    SELECT r.question FROM runs r JOIN users u ON u.id = r.user
    WHERE r.id = ?2 AND u.name = ?1 AND r.state = 'running' AND r.question IS NOT NULL
  `);
  const get = prepare(`
    SELECT r.id, r.session, u.name, r.key, r.channel, r.metadata, r.created, ${outcome}
    FROM runs r JOIN users u ON u.id = r.user WHERE r.id = ?2 AND u.name = ?1
  `);
  const answerOf = prepare('SELECT answer FROM runs WHERE id = ?');
  const interrupt = prepare(`
    UPDATE runs SET state = 'failed', error = ?, ended = ? WHERE state = 'running'
  `);

  return {
    insert(run, user, { question, answer }) {
      const { id, sessionId, keyId, channel, metadata, createdAt } = run;
      const noted = metadata ? JSON.stringify(metadata) : null;
      insert.run(id, user, sessionId, keyId ?? null, channel, question, noted, createdAt, ...toOutcome(run, answer));
    },
    begun(user, id) {
      const row = toRow(begun.get(user, id));
      return row ? { question: integer(row, 0) } : null;
    },
    end(run, answer) {
      end.run(...toOutcome(run, answer), run.id);
    },
    get(user, id) {
      const row = toRow(get.get(user, id));
      if (!row) return null;
      const answer = integerOrNull(row, 11);
      const message = answer === null ? undefined : messages.ofRun(answer, id);
      return { ...toRun(row), ...(message ? { message } : {}) };
    },
    answerOf(id) {
      const row = toRow(answerOf.get(id));
      return row ? integerOrNull(row, 0) : null;
    },
    interrupt(now) {
      interrupt.run(interrupted, now);
    },
  };
}

function toOutcome(run: Run, answer: number | null): (string | number | null)[] {
  const { state, model, provider, attempts, finishReason, usage, error, endedAt } = run;
  return [
    state,
    model,
    provider ?? null,
    attempts,
    answer,
    finishReason ?? null,
    usage?.inputTokens ?? null,
    usage?.outputTokens ?? null,
    usage?.totalTokens ?? null,
    usage?.cachedInputTokens ?? null,
    usage?.reasoningTokens ?? null,
    usage?.estimated === undefined ? null : Number(usage.estimated),
    error ? JSON.stringify(error) : null,
    endedAt ?? null,
    usage?.cost ?? null,
  ];
}

function toRun(row: Row): Run {
  const key = textOrNull(row, 3);
  const metadata = textOrNull(row, 5);
  const provider = textOrNull(row, 9);
  const reason = row[12] === null ? null : textOf(row, 12, ['stop', 'length', 'tool_calls', 'content_filter']);
  const usage = toUsage(row);
  const error = textOrNull(row, 19);
  const ended = integerOrNull(row, 20);
  return {
    id: text(row, 0),
    sessionId: text(row, 1),
    user: text(row, 2),
    ...(key === null ? {} : { keyId: key }),
    channel: text(row, 4),
    state: textOf(row, 7, ['running', 'completed', 'failed']),
    model: text(row, 8),
    ...(provider === null ? {} : { provider }),
    attempts: integer(row, 10),
    ...(reason === null ? {} : { finishReason: reason }),
    ...(usage ? { usage } : {}),
    ...(error === null ? {} : { error: json(error, isRunError) }),
    ...(metadata === null ? {} : { metadata: json(metadata, isTextRecord) }),
    createdAt: integer(row, 6),
    ...(ended === null ? {} : { endedAt: ended }),
  };
}

function toUsage(row: Row): Usage | undefined {
  const input = integerOrNull(row, 13);
  if (input === null) return undefined;
  const cached = integerOrNull(row, 16);
  const reasoning = integerOrNull(row, 17);
  const estimated = integerOrNull(row, 18);
  const cost = integerOrNull(row, 21);
  return {
    inputTokens: input,
    outputTokens: integer(row, 14),
    totalTokens: integer(row, 15),
    ...(cached === null ? {} : { cachedInputTokens: cached }),
    ...(reasoning === null ? {} : { reasoningTokens: reasoning }),
    ...(estimated === null ? {} : { estimated: estimated === 1 }),
    ...(cost === null ? {} : { cost }),
  };
}
