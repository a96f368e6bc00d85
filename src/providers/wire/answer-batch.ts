import { Malformed } from './bad-answer.ts';
import { Exchange } from './exchange.ts';
import { type JsonObject, parseObject } from './json-shape.ts';

/** An exchange whose answer is read when all of it is there: one request, one batch. */
export abstract class AnswerBatch<Batch> extends Exchange implements AsyncIterableIterator<Batch> {
  #asked = false;
  #resolve: (result: IteratorResult<Batch>) => void = ignore;
  #reject: (error: unknown) => void = ignore;

  /** Throws a `BadAnswer`. */
  protected abstract read(answer: JsonObject, body: Buffer): Batch;

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Batch>> {
    if (this.#asked) return Promise.resolve({ done: true, value: undefined });
    this.#asked = true;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.ask();
    });
  }

  return(): Promise<IteratorResult<Batch>> {
    this.#asked = true;
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  protected override bodyStarts(): void {
    this.await('next chunk', this.upstream.deadlines.idleMs);
  }

  protected override bodyGoesOn(chunk: Buffer): void {
    this.collectAnswer(chunk);
  }

  protected override bodyEnds(): void {
    const body = this.collected();
    const answer = parseObject(body.toString());
    if (!answer) throw new Malformed('no JSON object');
    const batch = this.read(answer, body);
    this.succeed();
    this.#resolve({ done: false, value: batch });
  }

  protected override failed(error: unknown): void {
    this.#reject(error);
  }
}

function ignore(): void {}
