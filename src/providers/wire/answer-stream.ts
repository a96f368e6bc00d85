import { Exchange } from './exchange.ts';

/** Read but not yet asked for. Beyond it the socket is stopped; undici and the kernel hold about as much again. */
const UNREAD_BYTES = 64 * 1024;

/** An exchange whose answer is read while it comes: a batch for each read of the socket, as fast as somebody takes them. */
export abstract class AnswerStream<Batch> extends Exchange implements AsyncIterableIterator<Batch> {
  #asked = false;
  #waiting: { resolve(result: IteratorResult<Batch>): void; reject(error: unknown): void } | null = null;
  #unread: Batch[] = [];
  #unreadBytes = 0;
  #paused = false;
  #failure: { error: unknown } | null = null;

  /** Several batches that nobody took in time, as one. */
  protected abstract join(batches: Batch[]): Batch;

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Batch>> {
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
      this.ask();
    });
  }

  return(): Promise<IteratorResult<Batch>> {
    this.cancel();
    this.#unread = [];
    this.#failure = null;
    return Promise.resolve({ done: true, value: undefined });
  }

  protected deliver(batch: Batch): void {
    if (this.#waiting) {
      this.#waiting.resolve({ done: false, value: batch });
      this.#waiting = null;
    } else {
      this.#unread.push(batch);
    }
  }

  /** So many bytes more were read. When too much of what they said is still unread the socket is stopped. */
  protected holdBack(bytes: number): void {
    if (this.#unread.length === 0) return;
    this.#unreadBytes += bytes;
    if (this.#unreadBytes < UNREAD_BYTES || this.#paused) return;
    this.#paused = true;
    this.pause();
  }

  protected override failed(error: unknown): void {
    // What was read before a fault is still delivered; who aborted wants no more of it.
    if (this.aborted) this.#unread = [];
    if (this.#waiting) this.#waiting.reject(error);
    else this.#failure = { error };
  }

  #take(): Promise<IteratorResult<Batch>> {
    const [first] = this.#unread;
    const value = first !== undefined && this.#unread.length === 1 ? first : this.join(this.#unread);
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
}
