import { estimateInput } from './answer.ts';
import { GatewayError } from './errors.ts';
import { boundHistory, closeToolCalls, type HistoryBound, openToolCalls } from './history.ts';
import { type Ids, messageId } from './ids.ts';
import type { Message, Part } from './message.ts';
import type { Models } from './models.ts';
import type { Clock } from './ports/clock.ts';
import type { Lanes } from './ports/lanes.ts';
import type { ProviderCall } from './ports/provider.ts';
import type { Signal } from './ports/signal.ts';
import type { Session, Store, Turn as StoredTurn } from './ports/store.ts';
import type { Principal } from './principal.ts';
import type { Candidate } from './routing/ask.ts';
import type { ChatRequest, Run } from './run.ts';
import type { Spend, Spending } from './spending.ts';

/** A run that may begin: its place in the session's lane is held, its question and its candidates are known. */
export interface Turn {
  run: Run;
  question: Message;
  call: Omit<ProviderCall, 'model'>;
  candidates: readonly Candidate[];
  /** Messages that came with the request and stand before the question. */
  before: Message[];
  /** Its session was named just now, so that there cannot be one yet. */
  isNew: boolean;
  /** What is reserved for it. */
  spend: Spend;
  /** Gives up the place in the lane, and what is still reserved. */
  leave(): void;
}

export interface TurnParts {
  store: Store;
  lanes: Lanes;
  models: Models;
  clock: Clock;
  ids: Ids;
  history: HistoryBound;
  spending: Spending;
}

/** Everything that can be refused before a provider is asked is refused here, as an error and not as an event. */
export async function admitTurn(
  parts: TurnParts,
  principal: Principal,
  request: ChatRequest,
  signal: Signal,
): Promise<Turn> {
  const { models, clock, ids } = parts;
  const { user } = principal;
  const place = await enterSession(parts, user, request, signal);
  const { sessionId, loaded, leave } = place;
  try {
    if (loaded?.session.state === 'closed') {
      throw new GatewayError('SESSION_CLOSED', 'The session is closed. Reopen it or use another.');
    }
    const model = request.model ?? loaded?.session.model ?? models.defaultModel;
    const candidates = models.candidates(principal, model);
    const now = clock.now();
    const runId = ids.run();
    const before = toMessages(runId, request.before ?? [], now);
    const said = [...(loaded?.history ?? []), ...before];
    const history = boundHistory(said, parts.history);
    const question: Message = {
      id: messageId(runId, 0),
      role: 'user',
      parts: closeToolCalls(history, request.input),
      createdAt: now,
      runId,
    };
    refuseStrayResults(said, request.input);
    refuseResultsOfForgotten(history, request.input);
    const call = toCall(request, loaded?.session, [...history, question]);
    const begun = parts.spending.begin(principal, {
      model: models.nameOf(model),
      candidates,
      inputTokens: () => estimateInput(call.messages, call.instructions),
      maxOutputTokens: call.maxOutputTokens,
    });
    const spend = begun instanceof Promise ? await begun : begun;
    const run: Run = {
      id: runId,
      sessionId,
      user,
      ...(principal.keyId === undefined ? {} : { keyId: principal.keyId }),
      channel: request.channel,
      state: 'running',
      model,
      attempts: 0,
      ...(request.metadata ? { metadata: request.metadata } : {}),
      createdAt: now,
    };
    return {
      run,
      question,
      before,
      isNew: place.isNew,
      call,
      candidates,
      spend,
      leave() {
        leave();
        spend.settle(run, undefined);
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

interface EnteredSession {
  sessionId: string;
  isNew: boolean;
  loaded: StoredTurn | null;
  leave(): void;
}

/** Waits for the session's lane and reads what was said in it. Who continues a run gets its session, or a fork of it. */
async function enterSession(
  parts: TurnParts,
  user: string,
  request: ChatRequest,
  signal: Signal,
): Promise<EnteredSession> {
  const { store, lanes, ids } = parts;
  const previous = request.previousRunId;
  const named = previous === undefined ? request.sessionId : (await runOf(store, user, previous)).sessionId;
  const sessionId = named ?? ids.session();
  // A session that is made here is waited for as well: its name is known as soon as the answer begins.
  const leave = await lanes.enter(laneOf(user, sessionId), signal);
  try {
    const isNew = named === undefined;
    const loaded = isNew ? null : await store.loadTurn(user, sessionId, parts.history.messages);
    if (previous === undefined || loaded?.history.at(-1)?.runId === previous) {
      return { sessionId, isNew, loaded, leave };
    }
    const fork = { action: 'fork' as const, sessionId: ids.session(), behind: previous };
    const forked = await store.changeSession(user, sessionId, fork, parts.clock.now());
    if (!forked) throw forgotten(previous);
    leave();
    return await enterSession(parts, user, { ...request, sessionId: forked.id, previousRunId: undefined }, signal);
  } catch (error) {
    leave();
    throw error;
  }
}

async function runOf(store: Store, user: string, runId: string): Promise<Run> {
  const run = await store.getRun(user, runId);
  if (!run) throw forgotten(runId);
  return run;
}

function forgotten(runId: string): GatewayError {
  return new GatewayError('NOT_FOUND', `There is no run ${runId}, or what was said in it is not kept any more.`);
}

function toMessages(runId: string, said: NonNullable<ChatRequest['before']>, createdAt: number): Message[] {
  // Behind question and answer, which have the first two numbers.
  return said.map(({ role, parts }, index) => ({ id: messageId(runId, index + 2), role, parts, createdAt, runId }));
}

export function laneOf(user: string, sessionId: string): string {
  return `${user}\n${sessionId}`;
}

function toCall(
  request: ChatRequest,
  session: Session | undefined,
  messages: readonly Message[],
): Omit<ProviderCall, 'model'> {
  const { temperature, topP, topK, maxOutputTokens, stop, seed, tools, toolChoice, responseFormat, stream } = request;
  const { presencePenalty, frequencyPenalty, parallelToolCalls, reasoningEffort, verbosity } = request;
  const instructions = request.instructions ?? session?.instructions;
  return {
    messages: messages.filter((message) => message.parts.length > 0),
    ...(instructions === undefined ? {} : { instructions }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    ...(verbosity === undefined ? {} : { verbosity }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(stop ? { stop } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(tools ? { tools } : {}),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(responseFormat ? { responseFormat } : {}),
    stream,
  };
}

/** Where the call lies beyond the bound of the history, its result has nothing to follow. */
function refuseResultsOfForgotten(history: readonly Message[], input: readonly Part[]): void {
  if (history.length > 0 || !input.some(({ type }) => type === 'tool_result')) return;
  throw new GatewayError('CONTEXT_TOO_LONG', 'The exchange with the tools is longer than what goes to the model.');
}

/** A result that answers no open call would be refused by every provider, each with words of its own. */
function refuseStrayResults(history: readonly Message[], input: readonly Part[]): void {
  const open = new Set(openToolCalls(history));
  // A call that was answered is no longer open: a second result of it is a stray too.
  const index = input.findIndex((part) => part.type === 'tool_result' && !open.delete(part.toolCallId));
  if (index === -1) return;
  const pointer = `/input/${index}/toolCallId`;
  throw new GatewayError(
    'INVALID_REQUEST',
    `The request does not fit the conversation: ${pointer} names no open tool call.`,
    {
      faults: [{ pointer, message: 'must name a tool call of the last answer' }],
    },
  );
}
