import type { Dispatcher } from 'undici';
import { SendError } from '../../core/ports/channel.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** No platform answers a send with more. */
const longestAnswer = 256 * 1024;
const cut = new Error('cut by the gateway');

/** One request and its answer, or the reason why there is none. What went wrong is told without the address: tokens stand in it. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #channel: string;
  readonly #signal: AbortSignal;
  readonly #outcome: { resolve(answer: HttpAnswer): void; reject(error: unknown): void };
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: HttpAnswer['headers'] = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #over = false;
  #afterwards: () => void = () => {};

  constructor(
    channel: string,
    signal: AbortSignal,
    outcome: { resolve(answer: HttpAnswer): void; reject(error: unknown): void },
  ) {
    this.#channel = channel;
    this.#signal = signal;
    this.#outcome = outcome;
    if (signal.aborted) this.#fail(signal.reason);
    else signal.addEventListener('abort', this);
  }

  /** Called once, at once when it is over already. */
  whenOver(callback: () => void): void {
    if (this.#over) callback();
    else this.#afterwards = callback;
  }

  expire(): void {
    this.#fail(new SendError('unavailable', `${this.#channel}: no answer in time`));
  }

  /** The caller's signal aborted. */
  handleEvent(): void {
    this.#fail(this.#signal.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a socket. Thrown, not aborted: an abort would close the socket too.
    if (this.#over) throw cut;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HttpAnswer['headers']): void {
    // Informational answers (103 and the like) come before the real one.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > longestAnswer) this.#fail(new SendError('unavailable', `${this.#channel}: an endless answer`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#end();
    this.#outcome.resolve({
      status: this.#status,
      headers: this.#headers,
      text: Buffer.concat(this.#chunks).toString(),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const what = this.#status === 0 ? 'no answer' : 'the answer broke off';
    this.#fail(new SendError('unavailable', `${this.#channel}: ${what}`, { cause: error }));
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#end();
    this.#outcome.reject(error);
    this.#controller?.abort(cut);
  }

  #end(): void {
    this.#over = true;
    this.#signal.removeEventListener('abort', this);
    this.#afterwards();
  }
}
