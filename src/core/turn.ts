import { GatewayError } from './errors.ts';
import { boundHistory, closeToolCalls, type HistoryBound, openToolCalls } from './history.ts';
import { type Ids, messageId } from './ids.ts';
import type { Message, Part } from './message.ts';
import type { Candidate, Models } from './models.ts';
import type { Clock } from './ports/clock.ts';
import type { Lanes } from './ports/lanes.ts';
import type { ProviderCall } from './ports/provider.ts';
import type { Session, Store } from './ports/store.ts';
import type { Principal } from './principal.ts';
import type { ChatRequest, Run } from './run.ts';

/** A run that may begin: its place in the session's lane is held, its question and its candidates are known. */
export interface Turn {
  run: Run;
  question: Message;
  call: Omit<ProviderCall, 'model'>;
  candidates: Candidate[];
  /** Gives up the place in the lane. */
  leave(): void;
}

export interface TurnParts {
  store: Store;
  lanes: Lanes;
  models: Models;
  clock: Clock;
  ids: Ids;
  history: HistoryBound;
}

/** Everything that can be refused before a provider is asked is refused here, as an error and not as an event. */
export async function admitTurn(
  parts: TurnParts,
  principal: Principal,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<Turn> {
  const { store, lanes, models, clock, ids } = parts;
  const { user } = principal;
  const sessionId = request.sessionId ?? ids.session();
  // A session that is made here is waited for as well: its name is known as soon as the answer begins.
  const leave = await lanes.enter(laneOf(user, sessionId), signal);
  try {
    const isNew = request.sessionId === undefined;
    const loaded = isNew ? null : await store.loadTurn(user, sessionId, parts.history.messages);
    if (loaded?.session.state === 'closed') {
      throw new GatewayError('SESSION_CLOSED', 'The session is closed. Reopen it or use another.');
    }
    const model = request.model ?? loaded?.session.model ?? models.defaultModel;
    const candidates = models.candidates(principal, model);
    const history = boundHistory(loaded?.history ?? [], parts.history);
    const now = clock.now();
    const runId = ids.run();
    const question: Message = {
      id: messageId(runId, 0),
      role: 'user',
      parts: closeToolCalls(history, request.input),
      createdAt: now,
      runId,
    };
    refuseStrayResults(loaded?.history ?? [], request.input);
    refuseResultsOfForgotten(history, request.input);
    return {
      run: {
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
      },
      question,
      call: toCall(request, loaded?.session, [...history, question]),
      candidates,
      leave,
    };
  } catch (error) {
    leave();
    throw error;
  }
}

export function laneOf(user: string, sessionId: string): string {
  return `${user}\n${sessionId}`;
}

function toCall(
  request: ChatRequest,
  session: Session | undefined,
  messages: readonly Message[],
): Omit<ProviderCall, 'model'> {
  const { temperature, topP, maxOutputTokens, stop, seed, tools, toolChoice, responseFormat, stream } = request;
  const instructions = request.instructions ?? session?.instructions;
  return {
    messages: messages.filter((message) => message.parts.length > 0),
    ...(instructions === undefined ? {} : { instructions }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
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
