/**
 * Runs: the one way to get an answer. REST, SSE, WebSocket and webhooks each start one and read its events; none of them
 * has chat logic of its own. A run belongs to its client and ends with it, unless the client was promised otherwise
 * (`resumable`, or an Idempotency-Key): then question and run are on the disk before the provider is asked.
 */
import type { AnswerEvent } from './commit-turn.ts';
import type { ActiveCompletion, CompletionRequest } from './completion.ts';
import { GatewayError, toGatewayError } from './errors.ts';
import { type CompleteParts, executeCompletion } from './execute-completion.ts';
import { executeTurn } from './execute-turn.ts';
import { answerOf } from './idempotency.ts';
import { createPlaces, type Place } from './places.ts';
import type { LimitState } from './ports/limiter.ts';
import type { Signal } from './ports/signal.ts';
import type { Principal } from './principal.ts';
import type { ChatRequest, Run, RunEvent } from './run.ts';
import { fromRunError } from './run-error.ts';
import { createRunLog } from './run-log.ts';
import { admitTurn, type TurnParts } from './turn.ts';

export interface Runs {
  /**
   * Begins a run. Rejects with what can be refused before a provider is asked. The caller has to read `events`: the run
   * ends with them, when the caller stops reading, or soon after `signal` aborts.
   */
  start(principal: Principal, request: ChatRequest, options: StartOptions): Promise<ActiveRun>;
  /** Begins a run without a session, in a vendor's words. Otherwise as `start`. */
  complete(principal: Principal, request: CompletionRequest, options: { signal: Signal }): Promise<ActiveCompletion>;
  get(principal: Principal, id: string): Promise<Run>;
  /** How many were asked for and have not ended. */
  active(): number;
  /** Takes no more runs; those that go on get `graceMs` and are then cut. */
  drain(graceMs: number): Promise<void>;
}

export interface StartOptions {
  signal: Signal;
  idempotency?: { key: string; fingerprint: string };
  /** What of a channel's event is stored with the turn once the run is complete. */
  event?: AnswerEvent;
}

export interface ActiveRun {
  run: Run;
  events: AsyncIterable<RunEvent[]>;
  /** Waits for the end, in place of reading `events`. Throws what the run failed with. */
  outcome(): Promise<Run>;
  /** Of the key's limit on tokens, where one holds. */
  tokens: LimitState | undefined;
  /** True when this is the stored outcome of an earlier request with the same Idempotency-Key. */
  replayed: boolean;
}

const day = 24 * 60 * 60 * 1000;
const operation = 'createChat';

export function createRuns(parts: CompleteParts & TurnParts): Runs {
  const { store, clock, log } = parts;
  const places = createPlaces();
  let draining = false;

  /** Runs until the client leaves. */
  async function startOwned(
    principal: Principal,
    request: ChatRequest,
    place: Place,
    event: AnswerEvent | undefined,
  ): Promise<ActiveRun> {
    const turn = await admitTurn(parts, principal, request, place.signal);
    const { signal } = place;
    const events = executeTurn(parts, turn, {
      signal,
      begun: false,
      left: () => place.end(),
      ...(event ? { event } : {}),
    });
    const { run, spend } = turn;
    return { run, events, outcome: () => events.outcome(), tokens: spend.tokens, replayed: false };
  }

  /** Runs to its end, whoever reads. */
  async function startPromised(
    principal: Principal,
    request: ChatRequest,
    place: Place,
    onEnd: (run: Run) => Promise<void>,
  ): Promise<ActiveRun> {
    const turn = await admitTurn(parts, principal, request, place.signal);
    try {
      await store.beginTurn({ user: principal.user, run: turn.run, question: turn.question });
    } catch (error) {
      turn.leave();
      throw error;
    }
    place.letGo();
    const events = createRunLog();
    // Whatever cannot be stored any more, the reader gets its terminal event.
    const lost = (error: unknown) => log.error({ runId: turn.run.id, error }, 'the outcome of a run could not be kept');
    const pump = async () => {
      for await (const batch of executeTurn(parts, turn, {
        signal: place.signal,
        begun: true,
        left: () => place.end(),
      })) {
        const last = batch.at(-1);
        if (last?.type === 'run.completed' || last?.type === 'run.failed') await onEnd(last.run).catch(lost);
        events.append(batch);
      }
    };
    pump()
      .catch((error: unknown) => log.error({ runId: turn.run.id, error }, 'a promised run broke'))
      .finally(() => events.end());
    const read = events.read();
    const { run, spend } = turn;
    return { run, events: read, outcome: () => outcomeOf(read), tokens: spend.tokens, replayed: false };
  }

  async function startOnce(
    principal: Principal,
    request: ChatRequest,
    place: Place,
    { key, fingerprint }: NonNullable<StartOptions['idempotency']>,
  ): Promise<ActiveRun> {
    const { user } = principal;
    const now = clock.now();
    const claim = await store.claimIdempotency({ user, operation, key, fingerprint, expiresAt: now + day }, now);
    if (claim.state !== 'claimed') {
      const before = replay(await get(principal, answerOf(claim)));
      place.end();
      return before;
    }
    try {
      return await startPromised(principal, request, place, (run) =>
        store.settleIdempotency(user, operation, key, run.id),
      );
    } catch (error) {
      await store.settleIdempotency(user, operation, key, null);
      throw error;
    }
  }

  async function get(principal: Principal, id: string): Promise<Run> {
    const run = await store.getRun(principal.user, id);
    if (!run) throw new GatewayError('NOT_FOUND', `There is no run ${id}.`);
    return run;
  }

  return {
    async start(principal, request, { signal, idempotency, event }) {
      if (draining) throw new GatewayError('SHUTTING_DOWN', 'The gateway is shutting down. Try again in a moment.');
      const place = places.enter(signal);
      try {
        if (idempotency) return await startOnce(principal, request, place, idempotency);
        if (request.resumable) return await startPromised(principal, request, place, async () => {});
        return await startOwned(principal, request, place, event);
      } catch (error) {
        place.end();
        throw toGatewayError(error);
      }
    },
    async complete(principal, request, { signal }) {
      if (draining) throw new GatewayError('SHUTTING_DOWN', 'The gateway is shutting down. Try again in a moment.');
      const place = places.enter(signal);
      try {
        return await executeCompletion(parts, principal, request, { signal: place.signal, left: () => place.end() });
      } catch (error) {
        place.end();
        throw toGatewayError(error);
      }
    },
    get,
    active: () => places.taken,
    async drain(graceMs) {
      draining = true;
      const timer = clock.after(graceMs, () =>
        places.cut(new GatewayError('INTERRUPTED', 'The gateway was shut down.')),
      );
      await places.empty();
      timer.cancel();
    },
  };
}

/** The events of a run that has ended, made from what was stored. */
function replay(run: Run): ActiveRun {
  const events: RunEvent[] = [{ type: 'run.started', seq: 1, run: asItBegan(run) }];
  let calls = 0;
  for (const part of run.message?.parts ?? []) {
    const seq = events.length + 1;
    if (part.type === 'text') events.push({ type: 'message.delta', seq, text: part.text });
    if (part.type === 'tool_call') {
      events.push({ ...part, type: 'tool_call.delta', seq, index: calls });
      calls += 1;
    }
  }
  const seq = events.length + 1;
  const last: RunEvent = run.error
    ? { type: 'run.failed', seq, run, error: run.error }
    : { type: 'run.completed', seq, run };
  const all = run.error && !run.message ? [{ ...last, seq: 1 }] : [...events, last];
  const ended = once(all);
  return { run, events: ended, outcome: () => outcomeOf(ended), tokens: undefined, replayed: true };
}

/** The run at the end of its events; a failure is thrown. */
async function outcomeOf(events: AsyncIterable<RunEvent[]>): Promise<Run> {
  let last: RunEvent | undefined;
  for await (const batch of events) last = batch.at(-1);
  if (last?.type === 'run.completed') return last.run;
  if (last?.type === 'run.failed') throw fromRunError(last.error);
  throw new Error('a run ended without a terminal event');
}

function asItBegan(ended: Run): Run {
  const { message: _, finishReason: __, usage: ___, error: ____, endedAt: _____, ...run } = ended;
  return { ...run, state: 'running' };
}

async function* once(events: RunEvent[]): AsyncGenerator<RunEvent[], void> {
  yield events;
}
