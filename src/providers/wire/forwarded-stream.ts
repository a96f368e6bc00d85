import type { ForwardBatch, ForwardCall } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { AnswerStream } from './answer-stream.ts';
import { Malformed } from './bad-answer.ts';
import type { Finish, StreamWatcher } from './dialect.ts';
import { dataOf, EventCutter, endOfEvent } from './event-cutter.ts';
import { forwardingOf, toForwardedRequest } from './forwarding.ts';
import { parseObject } from './json-shape.ts';
import type { Outgoing } from './outgoing.ts';
import { headerOf, type ResponseHeaders } from './response-headers.ts';
import type { Upstream } from './upstream.ts';

/** What opens an answer (a role, a ping) is held until something is said: up to here another provider can be asked. */
const LONGEST_OPENING = 64 * 1024;
/** The bound of an answer is on what it says; on this wire the frame around each token weighs some fifty times as much. */
const FRAMES = 64;

/**
 * A client's own words, answered by a stream: the bytes of each read go on at once, up to the last event that is whole.
 * Events are only looked at before the first content, and where there may stand what we have to know.
 */
export class ForwardedStream extends AnswerStream<ForwardBatch> {
  readonly #call: ForwardCall;
  readonly #cutter = new EventCutter();
  /** Null until the head is here, and for a whole answer where a stream was asked for. */
  #watcher: StreamWatcher | null = null;
  /** Null once something was said. */
  #opening: Buffer[] | null = [];
  #openingBytes = 0;
  /** The opening on its way out. */
  #opened: Buffer[] = [];
  #eventSeen = false;
  #answerBytes = 0;

  constructor(upstream: Upstream, call: ForwardCall, signal: Signal) {
    super(upstream, signal);
    this.#call = call;
  }

  protected override get speaksForClient(): boolean {
    return true;
  }

  protected override request(): Outgoing {
    return toForwardedRequest(this.#call, forwardingOf(this.upstream, this.#call));
  }

  protected override join(batches: ForwardBatch[]): ForwardBatch {
    const finish = batches.at(-1)?.finish;
    return { bytes: Buffer.concat(batches.map(({ bytes }) => bytes)), ...(finish ? { finish } : {}) };
  }

  protected override bodyStarts(headers: ResponseHeaders): void {
    const type = headerOf(headers, 'content-type') ?? '';
    const isStream = type.startsWith('text/event-stream');
    if (isStream) this.#watcher = forwardingOf(this.upstream, this.#call).watchStream?.(this.#call) ?? null;
    else if (!type.includes('json')) throw new Malformed(`content type ${type}`);
  }

  protected override bodyGoesOn(chunk: Buffer): void {
    const watcher = this.#watcher;
    if (!watcher) {
      this.collectAnswer(chunk);
      return;
    }
    this.#answerBytes += chunk.length;
    if (this.#answerBytes > this.upstream.maxAnswerBytes * FRAMES) throw new Malformed('an answer longer than allowed');
    const events = this.#cutter.feed(chunk);
    if (events.length > 0) this.#passOn(watcher, events);
    if (this.over) return;
    // A comment is a sign of life, but the first chunk is the first event.
    if (this.#eventSeen) this.await('next chunk', this.upstream.deadlines.idleMs);
    this.holdBack(chunk.length);
  }

  protected override bodyEnds(): void {
    const watcher = this.#watcher;
    if (!watcher) throw this.#wholeAnswer();
    const rest = this.#cutter.end();
    if (rest.length > 0) this.#passOn(watcher, rest);
    if (!this.over) this.#finish(watcher.finish(false), []);
  }

  #passOn(watcher: StreamWatcher, events: Buffer): void {
    if (this.#opening || watcher.marks.test(events.toString('latin1'))) this.#readAll(watcher, events);
    else this.deliver({ bytes: events });
  }

  #readAll(watcher: StreamWatcher, events: Buffer): void {
    const good: Buffer[] = [];
    try {
      for (let at = 0; at < events.length; ) {
        const event = events.subarray(at, endOfEvent(events, at));
        const meaning = this.#read(watcher, event);
        if (meaning !== 'ours') good.push(event);
        if (meaning === 'end') {
          this.#finish(watcher.finish(true), good);
          return;
        }
        at += event.length;
      }
    } catch (thrown) {
      this.#say(good);
      throw thrown;
    }
    this.#say(good);
  }

  #read(watcher: StreamWatcher, event: Buffer): ReturnType<StreamWatcher['read']> {
    const data = dataOf(event.toString());
    if (data === undefined) return 'opening';
    this.#eventSeen = true;
    const meaning = watcher.read(data);
    if (meaning === 'content') this.#begin();
    return meaning;
  }

  #begin(): void {
    if (this.#opening) this.#opened = this.#opening;
    this.#opening = null;
  }

  #say(events: Buffer[]): void {
    if (!this.#opening) {
      const bytes = this.#join(events);
      if (bytes.length > 0) this.deliver({ bytes });
      return;
    }
    for (const event of events) {
      this.#opening.push(event);
      this.#openingBytes += event.length;
    }
    if (this.#openingBytes < LONGEST_OPENING) return;
    this.#begin();
    this.#say([]);
  }

  #finish(finish: Finish, events: Buffer[]): void {
    this.#begin();
    this.deliver({ bytes: this.#join(events), finish });
    this.succeed();
  }

  /** With the opening before it, when it is the first that goes on. */
  #join(events: Buffer[]): Buffer {
    const all = this.#opened.length === 0 ? events : [...this.#opened, ...events];
    this.#opened = [];
    const [first] = all;
    return first && all.length === 1 ? first : Buffer.concat(all);
  }

  #wholeAnswer(): Error {
    const answer = parseObject(this.collected().toString());
    // An error reported with 200 is thrown from here.
    if (answer) forwardingOf(this.upstream, this.#call).finishOf(answer);
    return new Malformed('no stream');
  }
}
