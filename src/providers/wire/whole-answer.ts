import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import { Malformed } from './bad-answer.ts';
import { Exchange } from './exchange.ts';
import { parseObject } from './json-shape.ts';
import type { Upstream } from './upstream.ts';

/** A call without a stream: one request, one batch with the whole answer. */
export class WholeAnswer extends Exchange implements AsyncIterableIterator<ProviderEvent[]> {
  readonly #call: ProviderCall;
  #asked = false;
  #resolve: (result: IteratorResult<ProviderEvent[]>) => void = ignore;
  #reject: (error: unknown) => void = ignore;

  constructor(upstream: Upstream, call: ProviderCall, signal: AbortSignal) {
    super(upstream, signal);
    this.#call = call;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ProviderEvent[]>> {
    if (this.#asked) return Promise.resolve({ done: true, value: undefined });
    this.#asked = true;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.ask(this.#call);
    });
  }

  return(): Promise<IteratorResult<ProviderEvent[]>> {
    this.#asked = true;
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  protected override bodyStarts(): void {
    this.await('next chunk', this.upstream.deadlines.idleMs);
  }

  protected override bodyGoesOn(chunk: Buffer): void {
    this.collect(chunk);
    if (this.collectedBytes > this.upstream.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
    this.await('next chunk', this.upstream.deadlines.idleMs);
  }

  protected override bodyEnds(): void {
    const answer = parseObject(this.collected());
    if (!answer) throw new Malformed('no JSON object');
    const batch = this.upstream.dialect.fromAnswer(answer);
    this.succeed();
    this.#resolve({ done: false, value: batch });
  }

  protected override failed(error: unknown): void {
    this.#reject(error);
  }
}

function ignore(): void {}
