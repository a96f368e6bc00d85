import { type Answer, createAnswer } from './answer.ts';
import { GatewayError, ProviderError, toGatewayError } from './errors.ts';
import { messageId } from './ids.ts';
import type { Message } from './message.ts';
import type { Bus } from './ports/bus.ts';
import type { Clock } from './ports/clock.ts';
import type { EventAnswer } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { ProviderEvent } from './ports/provider.ts';
import type { Store } from './ports/store.ts';
import type { ProviderStates } from './provider-states.ts';
import type { Run, RunError, RunEvent } from './run.ts';
import type { Turn } from './turn.ts';

export interface ExecuteParts {
  store: Store;
  bus: Bus;
  states: ProviderStates;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** Makes what answers a channel's event of a run that is complete. */
export type AnswerEvent = (run: Run) => Promise<EventAnswer>;

export interface ExecuteOptions {
  signal: AbortSignal;
  /** True when question and run are stored already. */
  begun: boolean;
  event?: AnswerEvent;
}

/**
 * The heart: asks the candidates in order until one begins to answer, passes its events on as they come, and commits
 * question, answer and usage before the terminal event. Falling back is silent and ends with the first chunk; after it
 * exactly one terminal event follows, whatever happens. When the reader stops early, the run is committed as left.
 */
export async function* executeTurn(
  parts: ExecuteParts,
  turn: Turn,
  options: ExecuteOptions,
): AsyncGenerator<RunEvent[], void> {
  const { run } = turn;
  const answer = createAnswer();
  let seq = 0;
  let settled = false;

  function toEvents(batch: readonly ProviderEvent[]): RunEvent[] {
    const events: RunEvent[] = [];
    for (const event of batch) {
      answer.add(event);
      if (event.type === 'finish') continue;
      if (seq === 0) {
        seq = 1;
        events.push({ type: 'run.started', seq, run: { ...run } });
      }
      seq += 1;
      events.push(
        event.type === 'text'
          ? { type: 'message.delta', seq, text: event.text }
          : { ...event, type: 'tool_call.delta', seq },
      );
    }
    return events;
  }

  async function settle(failure: GatewayError | undefined): Promise<RunEvent> {
    settled = true;
    const ended = await commit(parts, turn, answer, failure, options);
    announce(parts, ended);
    seq += 1;
    return ended.error
      ? { type: 'run.failed', seq, run: ended, error: ended.error }
      : { type: 'run.completed', seq, run: ended };
  }

  parts.metrics.runStarted();
  parts.bus.publish({ type: 'run', user: run.user, sessionId: run.sessionId, runId: run.id, state: 'running' });
  try {
    let failure: GatewayError | undefined;
    try {
      for await (const batch of ask(parts, turn, options.signal)) {
        const events = toEvents(batch);
        if (events.length > 0) yield events;
      }
    } catch (error) {
      failure = toGatewayError(error);
    }
    yield [await settle(failure)];
  } finally {
    if (!settled) await settle(new GatewayError('CLIENT_CLOSED', 'The client went away.'));
    turn.leave();
  }
}

/** The events of the first candidate that begins to answer. */
async function* ask(parts: ExecuteParts, turn: Turn, signal: AbortSignal): AsyncGenerator<ProviderEvent[], void> {
  const { run, candidates } = turn;
  for (const [index, { provider, model }] of candidates.entries()) {
    run.attempts += 1;
    run.provider = provider.name;
    let last: ProviderEvent | undefined;
    const startedAt = parts.clock.now();
    const seconds = () => (parts.clock.now() - startedAt) / 1000;
    try {
      for await (const batch of provider.call({ ...turn.call, model }, signal)) {
        if (!last && batch.length > 0) {
          parts.metrics.firstToken({ model: run.model, provider: provider.name }, seconds());
        }
        last = batch.at(-1) ?? last;
        yield batch;
      }
      if (last?.type !== 'finish') throw new ProviderError('malformed', 'an answer without its finish');
      parts.states.succeeded(provider.name);
      parts.metrics.providerCall({ provider: provider.name, outcome: 'completed' }, seconds());
      return;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      parts.states.failed(provider.name, error);
      parts.metrics.providerCall({ provider: provider.name, outcome: error.kind }, seconds());
      parts.log.warn({ runId: run.id, provider: provider.name, kind: error.kind, error }, 'provider failed');
      if (last || index === candidates.length - 1 || !anotherMayDo(error)) throw error;
    }
  }
}

/** Whether another provider may answer what this one did not. */
function anotherMayDo(error: ProviderError): boolean {
  switch (error.kind) {
    case 'unavailable':
    case 'rate_limited':
    case 'timeout':
    case 'unauthorized':
    case 'malformed':
    case 'model_not_found':
      return true;
    case 'invalid_request':
    case 'unsupported_parameter':
    case 'context_too_long':
      return false;
  }
}

async function commit(
  parts: ExecuteParts,
  turn: Turn,
  answer: Answer,
  failure: GatewayError | undefined,
  { begun, event }: ExecuteOptions,
): Promise<Run> {
  const said = answer.parts();
  const endedAt = parts.clock.now();
  const message: Message = {
    id: messageId(turn.run.id, 1),
    role: 'assistant',
    parts: said,
    createdAt: endedAt,
    runId: turn.run.id,
    model: turn.run.model,
  };
  // An event is worked on again when its run fails; what was half said would stand in the conversation before it.
  const spoke = failure === undefined || (said.length > 0 && !event);
  const run: Run = {
    ...turn.run,
    state: failure ? 'failed' : 'completed',
    ...(spoke ? { message } : {}),
    ...(answer.finishReason && !failure ? { finishReason: answer.finishReason } : {}),
    ...(spoke ? { usage: answer.usage(turn.call.messages, turn.call.instructions) } : {}),
    ...(failure ? { error: toRunError(failure) } : {}),
    endedAt,
  };
  try {
    await parts.store.finishTurn({
      user: run.user,
      run,
      // A question that got no word of an answer is not kept: the client asks again, and it would stand there twice.
      ...(begun || !spoke ? {} : { question: turn.question }),
      ...(spoke ? { answer: message } : {}),
      ...(event && !failure ? { event: await event(run) } : {}),
    });
    if (spoke) tellOthers(parts, turn, message);
    return run;
  } catch (error) {
    const lost = toGatewayError(error);
    parts.log.error({ runId: run.id, error }, 'a turn could not be stored');
    // The failure that came first is the one the client has to know of.
    return { ...run, state: 'failed', error: run.error ?? toRunError(lost) };
  }
}

function toRunError(error: GatewayError): RunError {
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  };
}

/** Of messages that are stored, and of no others. */
function tellOthers({ bus }: ExecuteParts, { run, question }: Turn, answer: Message): void {
  const { user, sessionId } = run;
  bus.publish({ type: 'message', user, sessionId, message: question });
  bus.publish({ type: 'message', user, sessionId, message: answer });
}

function announce(parts: ExecuteParts, run: Run): void {
  parts.bus.publish({ type: 'run', user: run.user, sessionId: run.sessionId, runId: run.id, state: run.state });
  const provider = run.provider ?? 'none';
  if (run.usage) parts.metrics.tokens({ model: run.model, provider }, run.usage);
  const seconds = ((run.endedAt ?? run.createdAt) - run.createdAt) / 1000;
  parts.metrics.runEnded({ model: run.model, provider, outcome: run.error?.code ?? 'completed' }, seconds);
}
