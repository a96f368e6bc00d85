import type { Answer } from './answer.ts';
import { type GatewayError, toGatewayError } from './errors.ts';
import { messageId } from './ids.ts';
import type { Message } from './message.ts';
import type { Bus } from './ports/bus.ts';
import type { Clock } from './ports/clock.ts';
import type { EventAnswer } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Store } from './ports/store.ts';
import type { Candidate } from './routing/ask.ts';
import type { Run } from './run.ts';
import { toRunError } from './run-error.ts';
import type { Turn } from './turn.ts';

export interface CommitParts {
  store: Store;
  bus: Bus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** Makes what answers a channel's event of a run that is complete. */
export type AnswerEvent = (run: Run) => Promise<EventAnswer>;

export interface CommitOptions {
  /** True when question and run are stored already. */
  begun: boolean;
  event?: AnswerEvent;
  /** Who began to answer. */
  answered: Candidate | undefined;
}

/** Ends a turn in one commit: question, answer and usage, or the failure. Answers the run as it was stored. */
export async function commitTurn(
  parts: CommitParts,
  turn: Turn,
  answer: Answer,
  failure: GatewayError | undefined,
  { begun, event, answered }: CommitOptions,
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
  charge(turn, run, answered);
  try {
    await parts.store.finishTurn({
      user: run.user,
      run,
      // A question that got no word of an answer is not kept: the client asks again, and it would stand there twice.
      ...(begun || !spoke ? {} : { question: turn.question, isNew: turn.isNew }),
      ...(spoke && turn.before.length > 0 ? { before: turn.before } : {}),
      ...(spoke ? { answer: message } : {}),
      ...(event && !failure ? { event: await event(run) } : {}),
    });
    if (spoke) tellOthers(parts, turn, message);
    return announce(parts, run);
  } catch (error) {
    const lost = toGatewayError(error);
    parts.log.error({ runId: run.id, error }, 'a turn could not be stored');
    // The failure that came first is the one the client has to know of.
    return announce(parts, { ...run, state: 'failed', error: run.error ?? toRunError(lost) });
  }
}

function charge({ spend, run: given }: Turn, run: Run, answered: Candidate | undefined): void {
  const cost = spend.settle(run, answered);
  if (spend.tokens) run.tokens = spend.tokens;
  if (!run.usage) return;
  if (cost !== undefined) run.usage = { ...run.usage, cost };
  // Who sends the answer reads from the run that it was given at the start.
  given.usage = run.usage;
}

/** Of messages that are stored, and of no others. */
function tellOthers({ bus }: CommitParts, { run, question }: Turn, answer: Message): void {
  const { user, sessionId } = run;
  bus.publish({ type: 'message', user, sessionId, message: question });
  bus.publish({ type: 'message', user, sessionId, message: answer });
}

export function announce(parts: CommitParts, run: Run): Run {
  parts.bus.publish({ type: 'run', user: run.user, sessionId: run.sessionId, runId: run.id, state: run.state });
  const provider = run.provider ?? 'none';
  if (run.usage) parts.metrics.tokens({ model: run.model, provider }, run.usage);
  const seconds = ((run.endedAt ?? run.createdAt) - run.createdAt) / 1000;
  parts.metrics.runEnded({ model: run.model, provider, outcome: run.error?.code ?? 'completed' }, seconds);
  return run;
}
