import type { Message, Part } from '../../src/core/message.ts';
import type { StoredKey, TurnBegin, TurnFinish } from '../../src/core/ports/store.ts';
import type { Run } from '../../src/core/run.ts';

let made = 0;

export interface TurnWish {
  user?: string;
  session?: string;
  /** When it ends; it begins ten milliseconds before. */
  at?: number;
  question?: string | Part[];
  answer?: string | Part[];
  run?: Partial<Run>;
}

/** A whole turn: two messages and the run that ties them. Every id is new. */
export function turnOf(wish: TurnWish = {}): TurnFinish & { question: Message; answer: Message } {
  made += 1;
  const { user = 'ann', session = 'home', at = 1_000_000 + made } = wish;
  const id = wish.run?.id ?? `run_${String(made).padStart(8, '0')}`;
  const answer: Message = {
    id: `msg_${id}_1`,
    role: 'assistant',
    parts: partsOf(wish.answer ?? `answer ${made}`),
    createdAt: at,
    runId: id,
    model: 'small',
  };
  const question: Message = {
    id: `msg_${id}_0`,
    role: 'user',
    parts: partsOf(wish.question ?? `question ${made}`),
    createdAt: at - 10,
    runId: id,
  };
  const run: Run = {
    id,
    sessionId: session,
    user,
    channel: 'api',
    state: 'completed',
    model: 'small',
    provider: 'echo',
    attempts: 1,
    message: answer,
    finishReason: 'stop',
    usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
    createdAt: at - 10,
    endedAt: at,
    ...wish.run,
  };
  return { user, run, question, answer };
}

/** The first half of a turn that was promised, and the second. */
export function promisedTurnOf(wish: TurnWish = {}): { begin: TurnBegin; finish: TurnFinish & { answer: Message } } {
  const { user, run, question, answer } = turnOf(wish);
  const { id, sessionId, channel, model, createdAt } = run;
  const begun: Run = { id, sessionId, user, channel, state: 'running', model, attempts: 0, createdAt };
  return { begin: { user, run: begun, question }, finish: { user, run, answer } };
}

/** A run that failed before anything was said. */
export function silentFailureOf(wish: TurnWish = {}): TurnFinish {
  const { user, run } = turnOf({
    ...wish,
    run: { ...wish.run, state: 'failed', error: { code: 'PROVIDER_TIMEOUT', message: 'Too late.', retryable: true } },
  });
  const { message: _, usage: __, finishReason: ___, ...silent } = run;
  return { user, run: silent };
}

export function keyOf(id: string, more: Partial<StoredKey> = {}): StoredKey {
  return {
    id,
    name: `the key ${id}`,
    user: 'ann',
    prefix: `oc_${id}`,
    scopes: ['chat'],
    limits: {},
    hashes: [{ hash: `hash of ${id}` }],
    createdAt: 5,
    ...more,
  };
}

function partsOf(said: string | Part[]): Part[] {
  return typeof said === 'string' ? [{ type: 'text', text: said }] : said;
}
