/** Plays the client's side of a transcript against a gateway, and tells what came where something is to come. */
import assert from 'node:assert/strict';
import { setTimeout as pass } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { type Received, sendRequest } from './exchange.ts';
import { type HandGateway, startHandGateway } from './hand-gateway.ts';
import { createNames, type Names } from './names.ts';
import { openSocket, type Socket } from './socket.ts';
import type { SaidStep, Step, Transcript } from './transcript.ts';

export type ReceivedStep = SaidStep<'received'>;

export interface Audience {
  /** `sent` is the request, as it was typed. */
  answer(step: ReceivedStep, received: Received, names: Names, sent: readonly string[]): void;
  /** How many frames a step is to have; undefined takes all that come until nothing more does. */
  wanted(step: ReceivedStep): number | undefined;
  frames(step: ReceivedStep, frames: readonly string[], names: Names): void;
}

interface Place {
  sent: readonly string[];
  /** Until it has been taken. */
  answer?: Promise<Received> | undefined;
  socket?: Socket;
}

const patienceMs = 5000;
const silenceMs = 200;

/** What fails is named by its transcript and its line. */
export async function playTranscript({ name, steps }: Transcript, audience: Audience): Promise<void> {
  const hand = await startHandGateway();
  const names = createNames();
  const places = new Map<string, Place>();
  /** How many calls of models there had been when something was last sent. */
  let asked = 0;

  function send(exchange: string, lines: readonly string[]): void {
    const sent = lines.map(names.toValues);
    asked = hand.models.calls.length;
    const open = places.get(exchange)?.socket;
    if (open) {
      for (const line of sent) open.send(line);
    } else if (exchange !== '' && /^GET \S*\/ws\b/.test(sent[0] ?? '')) {
      const socket = openSocket(hand.gateway.port, sent);
      places.set(exchange, { sent, socket, answer: socket.opened });
    } else {
      const answer = sendRequest(hand.gateway.port, sent);
      answer.catch(() => {});
      places.set(exchange, { sent, answer });
    }
  }

  async function receive(step: ReceivedStep): Promise<void> {
    const place = places.get(step.exchange);
    if (place?.answer) {
      const received = await place.answer;
      place.answer = undefined;
      return audience.answer(step, received, names, place.sent);
    }
    if (!place?.socket) throw new Error('there is nothing that this could be the answer to');
    const { untaken } = place.socket;
    const wanted = audience.wanted(step);
    while (wanted !== undefined && untaken.length < wanted) await place.socket.news();
    if (wanted === undefined) await pass(silenceMs);
    audience.frames(step, untaken.splice(0, wanted ?? untaken.length), names);
  }

  async function pause(what: string): Promise<void> {
    const seconds = /^(\d+) s later$/.exec(what)?.[1];
    if (seconds !== undefined) return hand.clock.advance(Number(seconds) * 1000);
    if (what === 'the gateway begins to shut down') return void hand.gateway.server.gateway.drain(0);
    if (what === 'a model is asked') return until(() => hand.models.calls.length > asked);
    if (what === 'what was pushed is dealt with') return hand.dealtWith();
    throw new Error(`what is "${what}"?`);
  }

  async function play(step: Step): Promise<void> {
    if (step.kind === 'sent') send(step.exchange, step.lines);
    else if (step.kind === 'received') await receive(step);
    else if (step.kind === 'pause') await pause(step.what);
  }

  async function playAll(): Promise<void> {
    for (const step of steps) {
      await inTime(step.kind === 'prose' ? name : `${name}:${step.line}`, () => play(step));
    }
    for (const [exchange, { socket }] of places) {
      await inTime(name, async () => {
        await socket?.end();
        const surplus = socket?.untaken ?? [];
        if (surplus.length > 0) throw new Error(`${exchange} got more than it has place for: ${surplus.join('\n')}`);
      });
    }
  }

  try {
    await playAll();
  } catch (error) {
    // That the contract was broken on the way is told when the gateway closes; the place where tells more.
    await endAll(hand, places).catch(() => {});
    throw error;
  }
  await inTime(name, () => endAll(hand, places));
}

async function inTime(name: string, work: () => Promise<void>): Promise<void> {
  const late = new AbortController();
  try {
    const patience = pass(patienceMs, undefined, { signal: late.signal }).then(() => {
      throw new Error('what should come has not come');
    });
    patience.catch(() => {});
    await Promise.race([work(), patience]);
  } catch (error) {
    const message = `${name}: ${error instanceof Error ? error.message : error}`;
    if (!(error instanceof assert.AssertionError)) throw new Error(message, { cause: error });
    const { actual, expected, operator } = error;
    throw new assert.AssertionError({ message, actual, expected, operator });
  } finally {
    late.abort();
  }
}

async function endAll(hand: HandGateway, places: ReadonlyMap<string, Place>): Promise<void> {
  await Promise.all([...places.values()].map(({ socket }) => socket?.end()));
  await hand.close();
}
