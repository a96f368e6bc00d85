/**
 * Works on the events of chat platforms: who may talk, the run in the conversation's session, and the answer, whose chunks
 * are committed with the turn. An event that fails is tried again, and parked after the last try.
 */
import { hash } from 'node:crypto';
import { backoffMs } from './backoff.ts';
import { GatewayError } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Limits } from './limits.ts';
import { createLiveReply, type Shown } from './live-reply.ts';
import type { LoopGuard } from './loop-guard.ts';
import { textOf } from './message.ts';
import type { Channel } from './ports/channel.ts';
import type { Clock } from './ports/clock.ts';
import type { EventAnswer, EventOutcome, EventStore, StoredEvent } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';
import type { Random } from './ports/random.ts';
import { hasScopes, type Principal } from './principal.ts';
import type { Run, RunEvent } from './run.ts';
import { fromRunError } from './run-error.ts';
import type { Runs } from './runs.ts';
import type { Senders } from './senders.ts';
import { toShellWord } from './shell-word.ts';
import { createWorker, joinWorkers, type Worker, type Workers } from './worker.ts';

export interface EventWorkerParts {
  store: EventStore;
  channels: readonly Channel[];
  principals: ReadonlyMap<string, Principal>;
  runs: Runs;
  limits: Limits;
  senders: Senders;
  guard: LoopGuard;
  clock: Clock;
  random: Random;
  ids: Ids;
  log: Log;
  /** False while so much is being pushed that new work would hold up its acknowledgement. */
  mayTake: () => boolean;
  /** Called when something is to be sent. */
  wakeOutbox: (channel: string) => void;
}

export interface EventWorkerSettings {
  retryOnFailure: boolean;
}

/** Each channel has places of its own: one whose runs hang takes none from the others. */
const placesOfChannel = 16;
const mostAttempts = 5;
/**
 * Far more than bad luck brings: an event that so many processes ended with is what ends them. After three it is worked on
 * beside no other suspect, so that the rest is told of itself alone.
 */
const mostInterruptions = 10;
const baseMs = 1000;
const capMs = 60_000;
/** In a notice's id, where the parts of an answer have their number: more than any answer has. */
const noticePart = 9999;

export function createEventWorker(parts: EventWorkerParts, settings: EventWorkerSettings): Workers {
  const { store, clock, log, random, senders, guard } = parts;
  const channels = new Map(parts.channels.map((channel) => [channel.manifest.name, channel]));

  function answerWith(channel: Channel, event: StoredEvent, text: string, shown: Shown = {}): EventAnswer {
    const chunks = channel.render(text);
    const dueAt = Math.max(clock.now(), shown.notBefore ?? 0);
    return {
      eventId: event.id,
      deliveries: chunks.map((chunk, place) => ({
        id: `${event.id}.${place}`,
        channel: event.channel,
        target: event.target,
        chunk,
        ...(place === 0 && shown.message !== undefined ? { replaces: shown.message } : {}),
        dueAt,
      })),
    };
  }

  /** What becomes of an event that no model is asked about; undefined for all others. */
  async function refusal(channel: Channel, event: StoredEvent): Promise<EventOutcome | EventAnswer | undefined> {
    const now = clock.now();
    const ignore = (reason: string): EventOutcome => ({ state: 'ignored', reason, now });
    const admittance = await senders.admit(event, now);
    if (event.sender.isBot && !admittance.admitted) return ignore('a bot');
    if (!guard.admits(event, now)) return ignore('bots that talk to bots');
    // Where the user sees that an answer is coming, there has to be one.
    const { awaitsAnswer } = channel.manifest;
    if (event.text.trim() === '') return awaitsAnswer ? answerWith(channel, event, nothingAsked) : ignore('no text');
    if (admittance.admitted) return undefined;
    if (!admittance.isNew && !awaitsAnswer) return ignore('not allowed');
    return answerWith(channel, event, howToAsk(event.channel, admittance.subject));
  }

  async function run(channel: Channel, event: StoredEvent, principal: Principal, signal: AbortSignal): Promise<void> {
    const live = createLiveReply({ ...parts, channel }, event, signal);
    const toAnswer = async (ended: Run): Promise<EventAnswer> =>
      answerWith(channel, event, textOf(ended.message?.parts ?? []) || nothingSaid, await live.settle());
    try {
      const { events } = await parts.runs.start(principal, toRequest(event), { signal, event: toAnswer });
      for await (const batch of events) for (const next of batch) follow(next, live.show);
    } finally {
      await live.settle();
    }
  }

  /** What became of the event; undefined when its run has stored that already. */
  async function work(event: StoredEvent, signal: AbortSignal): Promise<EventOutcome | EventAnswer | undefined> {
    const park = (error: string): EventOutcome => ({ state: 'parked', error, now: clock.now() });
    const channel = channels.get(event.channel);
    const principal = parts.principals.get(event.channel);
    if (!channel || !principal) return park('the channel is gone');
    if (event.interruptions >= mostInterruptions) return park('INTERRUPTED');
    try {
      const refused = await refusal(channel, event);
      if (refused) return refused;
      if (!hasScopes(principal, ['chat'])) return park('FORBIDDEN');
      const { refusal: limited } = await parts.limits.admit(principal);
      if (limited) throw limited;
      await run(channel, event, principal, signal);
      return undefined;
    } catch (error) {
      return afterFailure(event, error, signal);
    }
  }

  /**
   * Who sees that an answer is coming – a deferral, the beginning of an answer – is not left waiting for ever: where none
   * comes, a sentence takes its place.
   */
  async function withNotice(event: StoredEvent, outcome: EventOutcome): Promise<EventOutcome> {
    const channel = channels.get(event.channel);
    if (outcome.state === 'pending' || !channel) return outcome;
    const placeholder = (await store.getEvent(event.id))?.event.placeholder;
    if (!channel.manifest.awaitsAnswer && placeholder === undefined) return outcome;
    const [chunk] = channel.render(outcome.state === 'parked' ? notAnswered : nothingAsked);
    if (!chunk) return outcome;
    const notice = {
      id: `${event.id}.${noticePart}`,
      channel: event.channel,
      target: event.target,
      chunk,
      ...(placeholder === undefined ? {} : { replaces: placeholder }),
      dueAt: clock.now(),
    };
    return { ...outcome, notice };
  }

  function afterFailure(event: StoredEvent, error: unknown, signal: AbortSignal): EventOutcome {
    const now = clock.now();
    if (error instanceof NobodyAsked) {
      return { state: 'pending', dueAt: now + error.waitMs, error: 'PROVIDER_UNAVAILABLE', counted: false };
    }
    const known = error instanceof GatewayError ? error : undefined;
    const reason = known?.code ?? 'INTERNAL';
    // A stop, a limit and a full disk are nobody's failure: the event keeps its tries.
    if (signal.aborted || reason === 'INTERRUPTED' || reason === 'SHUTTING_DOWN') {
      return { state: 'pending', dueAt: now, error: reason, counted: false };
    }
    if (known?.retryable && (reason === 'RATE_LIMITED' || reason === 'STORE_UNAVAILABLE')) {
      return { state: 'pending', dueAt: now + (known.retryAfter ?? 1) * 1000, error: reason, counted: false };
    }
    log.warn({ eventId: event.id, channel: event.channel, attempts: event.attempts, error }, 'an event failed');
    if (!settings.retryOnFailure || event.attempts >= mostAttempts) return { state: 'parked', error: reason, now };
    const waitMs = Math.max((known?.retryAfter ?? 0) * 1000, backoffMs(random, event.attempts, baseMs, capMs));
    return { state: 'pending', dueAt: now + waitMs, error: reason, counted: true };
  }

  async function settle(event: StoredEvent, outcome: EventOutcome | EventAnswer | undefined): Promise<void> {
    if (outcome && 'state' in outcome) await store.settleEvent(event.id, await withNotice(event, outcome));
    else if (outcome) await store.answerEvent(outcome, clock.now());
    parts.wakeOutbox(event.channel);
  }

  const workerOf = (name: string, concurrency: number, claim: (limit: number) => Promise<StoredEvent[]>): Worker =>
    createWorker({ name, concurrency, clock, log, mayTake: parts.mayTake, claim, work, settle });

  const byChannel = [...channels.keys()].map((name): [string, Worker] => [
    name,
    workerOf(`events of ${name}`, placesOfChannel, (limit) => store.claimEvents(name, clock.now(), limit)),
  ]);
  // Nobody wakes it for a channel's sake: it looks twice a second, and after a crash that is soon enough.
  const suspects = workerOf('suspects', 1, (limit) => store.claimSuspects(clock.now(), limit));
  return joinWorkers(new Map(byChannel), [suspects]);
}

function follow(event: RunEvent, show: (text: string) => void): void {
  if (event.type === 'message.delta') show(event.text);
  if (event.type !== 'run.failed') return;
  const failure = fromRunError(event.error);
  throw event.run.attempts === 0 && failure.code === 'PROVIDER_UNAVAILABLE' ? new NobodyAsked(failure) : failure;
}

/** Requests are kept away from every provider of the model: no fault of the event, and not even a try of it. */
class NobodyAsked extends Error {
  readonly waitMs: number;

  constructor({ message, retryAfter = 1 }: GatewayError) {
    super(message);
    this.name = 'NobodyAsked';
    this.waitMs = retryAfter * 1000;
  }
}

function toRequest(event: StoredEvent): Parameters<Runs['start']>[1] {
  return {
    channel: event.channel,
    sessionId: sessionOf(event),
    input: [{ type: 'text', text: event.text }],
    stream: true,
  };
}

/** A session a conversation, under a name that the contract allows and a person can read where that is possible. */
function sessionOf({ channel, conversation }: StoredEvent): string {
  const name = `${channel}:${conversation}`;
  return /^[A-Za-z0-9._:@-]{1,128}$/.test(name) ? name : `${channel}:${hash('sha256', conversation).slice(0, 40)}`;
}

function howToAsk(channel: string, subject: string): string {
  const command = `gateway channels approve ${channel} ${toShellWord(subject)}`;
  // A code span ends at as many backticks as it began with.
  const fence = '`'.repeat(1 + Math.max(0, ...(command.match(/`+/g) ?? []).map(({ length }) => length)));
  const space = fence === '`' ? '' : ' ';
  return `You are not known here yet. Ask the operator of this gateway to let you in:\n\n${fence}${space}${command}${space}${fence}`;
}

const nothingAsked = 'There is nothing in that to answer.';
const notAnswered =
  'That could not be answered. It is kept, and the operator of this gateway can have it tried once more.';
const nothingSaid = 'I have nothing to say to that.';
