import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { AnswerDecoder } from './answer-decoder.ts';
import { AnswerStream } from './answer-stream.ts';
import { Malformed } from './bad-answer.ts';
import { parseObject } from './json-shape.ts';
import type { Outgoing } from './outgoing.ts';
import { headerOf, type ResponseHeaders } from './response-headers.ts';
import type { Upstream } from './upstream.ts';

/** A call with a stream, in our words. */
export class StreamedAnswer extends AnswerStream<ProviderEvent[]> {
  readonly #call: ProviderCall;
  /** Null until the head is here, and for servers that answer a stream's request with a whole answer. */
  #decoder: AnswerDecoder | null = null;
  #answerBytes = 0;

  constructor(upstream: Upstream, call: ProviderCall, signal: Signal) {
    super(upstream, signal);
    this.#call = call;
  }

  protected override request(): Outgoing {
    const { dialect } = this.upstream;
    return { path: dialect.callPath, body: JSON.stringify(dialect.toRequest(this.#call)) };
  }

  protected override join(batches: ProviderEvent[][]): ProviderEvent[] {
    return batches.flat();
  }

  protected override bodyStarts(headers: ResponseHeaders): void {
    const type = headerOf(headers, 'content-type') ?? '';
    if (type.startsWith('text/event-stream')) this.#decoder = new AnswerDecoder(this.upstream.dialect.readStream());
    else if (!type.includes('json')) throw new Malformed(`content type ${type}`);
  }

  protected override bodyGoesOn(chunk: Buffer): void {
    if (!this.#decoder) {
      this.collectAnswer(chunk);
      return;
    }
    const batch = this.#decode(this.#decoder, chunk);
    // A comment is a sign of life, but the first chunk is the first event.
    if (this.#decoder.begun) this.await('next chunk', this.upstream.deadlines.idleMs);
    this.#say(batch);
    if (this.#decoder.finished) this.succeed();
    else this.holdBack(chunk.length);
  }

  protected override bodyEnds(): void {
    this.#say(this.#decoder ? this.#decoder.end() : this.#wholeAnswer());
    this.succeed();
  }

  #decode(decoder: AnswerDecoder, chunk: Buffer): ProviderEvent[] {
    try {
      return decoder.feed(chunk);
    } catch (thrown) {
      this.#say(decoder.rest());
      throw thrown;
    }
  }

  #wholeAnswer(): ProviderEvent[] {
    const answer = parseObject(this.collected().toString());
    if (!answer) throw new Malformed('no JSON object');
    return this.upstream.dialect.fromAnswer(answer);
  }

  #say(batch: ProviderEvent[]): void {
    if (batch.length === 0) return;
    for (const event of batch) this.#answerBytes += sizeOf(event);
    if (this.#answerBytes > this.upstream.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
    this.deliver(batch);
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
