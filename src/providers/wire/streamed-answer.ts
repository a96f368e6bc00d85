import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import { AnswerDecoder } from './answer-decoder.ts';
import { Malformed } from './bad-answer.ts';
import { Exchange } from './exchange.ts';
import { parseObject } from './json-shape.ts';
import { headerOf, type ResponseHeaders } from './response-headers.ts';
import type { Upstream } from './upstream.ts';

/** Read but not yet asked for. Beyond it the socket is stopped; undici and the kernel hold about as much again. */
const UNREAD_BYTES = 64 * 1024;

/** A call with a stream: a batch for each read of the socket, as fast as somebody takes them. */
export class StreamedAnswer extends Exchange implements AsyncIterableIterator<ProviderEvent[]> {
  readonly #call: ProviderCall;
  /** Null until the head is here, and for servers that answer a stream's request with a whole answer. */
  #decoder: AnswerDecoder | null = null;
  #asked = false;
  #waiting: { resolve(result: IteratorResult<ProviderEvent[]>): void; reject(error: unknown): void } | null = null;
  #unread: ProviderEvent[] = [];
  #unreadBytes = 0;
  #paused = false;
  #answerBytes = 0;
  #failure: { error: unknown } | null = null;

  constructor(upstream: Upstream, call: ProviderCall, signal: AbortSignal) {
    super(upstream, signal);
    this.#call = call;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ProviderEvent[]>> {
    if (this.#unread.length > 0) return this.aborted ? this.#drop() : this.#take();
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = null;
      return Promise.reject(error);
    }
    if (this.over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#asked) return;
      this.#asked = true;
      this.ask(this.#call);
    });
  }

  return(): Promise<IteratorResult<ProviderEvent[]>> {
    this.cancel();
    this.#unread = [];
    this.#failure = null;
    return Promise.resolve({ done: true, value: undefined });
  }

  #take(): Promise<IteratorResult<ProviderEvent[]>> {
    const value = this.#unread;
    this.#unread = [];
    this.#unreadBytes = 0;
    if (this.#paused && !this.over) {
      this.#paused = false;
      this.resume();
    }
    return Promise.resolve({ done: false, value });
  }

  /** The answer was whole before the abort, but nobody is left who wants to read it. */
  #drop(): Promise<never> {
    this.#unread = [];
    return Promise.reject(this.abortReason);
  }

  protected override bodyStarts(headers: ResponseHeaders): void {
    const type = headerOf(headers, 'content-type') ?? '';
    if (type.startsWith('text/event-stream')) this.#decoder = new AnswerDecoder(this.upstream.dialect.readStream());
    else if (!type.includes('json')) throw new Malformed(`content type ${type}`);
  }

  protected override bodyGoesOn(chunk: Buffer): void {
    if (!this.#decoder) {
      this.collect(chunk);
      if (this.collectedBytes > this.upstream.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
      this.await('next chunk', this.upstream.deadlines.idleMs);
      return;
    }
    const batch = this.#decode(this.#decoder, chunk);
    // A comment is a sign of life, but the first chunk is the first event.
    if (this.#decoder.begun) this.await('next chunk', this.upstream.deadlines.idleMs);
    this.#deliver(batch);
    if (this.#decoder.finished) this.succeed();
    else if (this.#unread.length > 0) this.#holdBack(chunk.length);
  }

  protected override bodyEnds(): void {
    this.#deliver(this.#decoder ? this.#decoder.end() : this.#wholeAnswer());
    this.succeed();
  }

  protected override failed(error: unknown): void {
    // What was read before a fault is still delivered; who aborted wants no more of it.
    if (this.aborted) this.#unread = [];
    if (this.#waiting) this.#waiting.reject(error);
    else this.#failure = { error };
  }

  #decode(decoder: AnswerDecoder, chunk: Buffer): ProviderEvent[] {
    try {
      return decoder.feed(chunk);
    } catch (thrown) {
      this.#deliver(decoder.rest());
      throw thrown;
    }
  }

  #wholeAnswer(): ProviderEvent[] {
    const answer = parseObject(this.collected());
    if (!answer) throw new Malformed('no JSON object');
    return this.upstream.dialect.fromAnswer(answer);
  }

  #deliver(batch: ProviderEvent[]): void {
    if (batch.length === 0) return;
    for (const event of batch) this.#answerBytes += sizeOf(event);
    if (this.#answerBytes > this.upstream.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
    if (this.#waiting) {
      this.#waiting.resolve({ done: false, value: batch });
      this.#waiting = null;
    } else {
      this.#unread.push(...batch);
    }
  }

  #holdBack(bytes: number): void {
    this.#unreadBytes += bytes;
    if (this.#unreadBytes < UNREAD_BYTES || this.#paused) return;
    this.#paused = true;
    this.pause();
  }
}

function sizeOf(event: ProviderEvent): number {
  switch (event.type) {
    case 'text':
      return Buffer.byteLength(event.text);
    case 'tool_call':
      return Buffer.byteLength(event.arguments) + (event.name?.length ?? 0) + (event.id?.length ?? 0);
    case 'finish':
      return 0;
  }
}
