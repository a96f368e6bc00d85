/**
 * One HTTP exchange with a provider, from the request to the end of the answer: sending, the caller's abort, deadlines,
 * and error answers. What a good answer's body means is for the classes made from this one.
 *
 * It is undici's dispatch handler itself, with methods instead of closures: this is the hot path, and what undici's
 * friendlier calls add (a stream for each body, a promise for each step) costs more than all mapping does.
 */
import type { Dispatcher } from 'undici';
import { Expiring } from '../../core/deadline-sweep.ts';
import { ProviderError } from '../../core/errors.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { Malformed } from './bad-answer.ts';
import { fromBadAnswer, fromErrorAnswer } from './from-bad-answer.ts';
import { fromTransportError } from './from-transport-error.ts';
import type { Key } from './key-ring.ts';
import { type Outgoing, withClientHeaders } from './outgoing.ts';
import type { ResponseHeaders } from './response-headers.ts';
import type { Upstream } from './upstream.ts';

/** Of an error answer this much is read. */
const ERROR_BYTES = 64 * 1024;
/** How long a socket may take to end an answer that has already said its last word; afterwards it is not reused. */
const DRAIN_MS = 1000;
const CUT = new Error('cut by the gateway');

type Phase = 'connection' | 'first chunk' | 'next chunk' | 'end';

export abstract class Exchange extends Expiring implements Dispatcher.DispatchHandler {
  protected readonly upstream: Upstream;
  readonly #signal: Signal;
  #totalAt = 0;
  #phase: Phase = 'connection';
  #controller: Dispatcher.DispatchController | null = null;
  #key: Key | null = null;
  #status = 0;
  #headers: ResponseHeaders = {};
  #good = false;
  /** The caller has its outcome; whatever still arrives is nobody's. */
  #over = false;
  #chunks: Buffer[] = [];
  #collectedBytes = 0;

  constructor(upstream: Upstream, signal: Signal) {
    super();
    this.upstream = upstream;
    this.#signal = signal;
  }

  /** Throws a `ProviderError` for what the wire cannot say. */
  protected abstract request(): Outgoing;
  /** The head of a good answer is here. */
  protected abstract bodyStarts(headers: ResponseHeaders): void;
  /** Called for a good answer only; may throw a `BadAnswer`. */
  protected abstract bodyGoesOn(chunk: Buffer): void;
  /** Called for a good answer only; may throw a `BadAnswer`. */
  protected abstract bodyEnds(): void;
  /** Called at most once, and then none of the others any more. */
  protected abstract failed(error: unknown): void;

  /** The client's own words go out, so that the provider's words on them may go back to it. */
  protected get speaksForClient(): boolean {
    return false;
  }

  protected isGood(status: number): boolean {
    return status >= 200 && status < 300;
  }

  protected get over(): boolean {
    return this.#over;
  }

  protected get aborted(): boolean {
    return this.#signal.aborted;
  }

  protected get abortReason(): unknown {
    return this.#signal.reason;
  }

  protected ask(): void {
    try {
      this.#send(this.request());
    } catch (thrown) {
      if (thrown instanceof ProviderError) this.fail(thrown);
      else
        this.fail(
          new ProviderError('invalid_request', `${this.upstream.name}: the request cannot be written`, {
            cause: thrown,
          }),
        );
    }
  }

  #send({ method = 'POST', path, body, headers }: Outgoing): void {
    const { upstream } = this;
    if (this.#signal.aborted) {
      this.fail(this.#signal.reason);
      return;
    }
    this.#key = upstream.keys.take();
    const now = upstream.clock.now();
    this.#totalAt = now + upstream.deadlines.totalMs;
    this.await('connection', upstream.deadlines.connectMs, now);
    upstream.sweep.watch(this);
    this.#signal.addEventListener('abort', this);
    const all = withClientHeaders(this.#key.headers, headers);
    upstream.pool.dispatch({ method, path: upstream.basePath + path, headers: all, body }, this);
  }

  /** From now on the exchange waits for this, so long and no longer. */
  protected await(phase: Phase, ms: number, now = this.upstream.clock.now()): void {
    this.#phase = phase;
    this.deadlineAt = Math.min(now + ms, this.#totalAt);
  }

  /** Stops the socket until `resume`; the provider's silence is then our own doing and no fault of its. */
  protected pause(): void {
    this.#controller?.pause();
    this.deadlineAt = this.#totalAt;
  }

  protected resume(): void {
    this.await('next chunk', this.upstream.deadlines.idleMs);
    this.#controller?.resume();
  }

  protected collect(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#collectedBytes += chunk.length;
  }

  /** The same for a good answer, which has a bound of its own. */
  protected collectAnswer(chunk: Buffer): void {
    this.collect(chunk);
    if (this.#collectedBytes > this.upstream.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
    this.await('next chunk', this.upstream.deadlines.idleMs);
  }

  protected collected(): Buffer {
    const [first] = this.#chunks;
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }

  /** The caller has all it wanted. The socket is left to end the answer, so that the next call can use it. */
  protected succeed(): void {
    this.#over = true;
    this.#signal.removeEventListener('abort', this);
    this.deadlineAt = this.upstream.clock.now() + DRAIN_MS;
  }

  /** Ends the exchange with this error and closes the socket. */
  protected fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#signal.removeEventListener('abort', this);
    this.upstream.sweep.forget(this);
    this.failed(error);
    this.#controller?.abort(CUT);
  }

  /** Whoever asked has gone without wanting to hear of it. */
  protected cancel(): void {
    this.fail(CUT);
  }

  /** The caller's signal aborted. */
  handleEvent(): void {
    this.fail(this.#signal.reason);
  }

  override expire(): void {
    if (this.#over) this.#controller?.abort(CUT);
    else this.fail(new ProviderError('timeout', this.#lateness()));
  }

  #lateness(): string {
    const what = this.deadlineAt === this.#totalAt ? 'end' : this.#phase;
    return `${this.upstream.name}: no ${what} of the answer in time`;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a socket. Thrown, not aborted: an abort would close the socket too.
    if (this.#over) throw CUT;
    this.#controller = controller;
    this.await('first chunk', this.upstream.deadlines.firstChunkMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    // Informational answers (103 and the like) come before the real one.
    if (this.#over || status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#good = this.isGood(status);
    if (!this.#good) this.await('next chunk', this.upstream.deadlines.idleMs);
    else this.#guarded(headers, this.bodyStarts);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    if (this.#good) {
      this.#guarded(chunk, this.bodyGoesOn);
    } else {
      this.collect(chunk);
      if (this.#collectedBytes > ERROR_BYTES) this.#refuse();
      else this.await('next chunk', this.upstream.deadlines.idleMs);
    }
  }

  onResponseEnd(): void {
    if (this.#over) {
      this.upstream.sweep.forget(this);
      return;
    }
    if (this.#good) this.#guarded(undefined, this.bodyEnds);
    else this.#refuse();
    this.upstream.sweep.forget(this);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.upstream.sweep.forget(this);
    if (this.#over) return;
    const what = this.#status === 0 ? 'no answer' : 'the answer broke off';
    this.fail(new ProviderError(fromTransportError(error), `${this.upstream.name}: ${what}`, { cause: error }));
  }

  #refuse(): void {
    const body = this.collected().toString();
    this.#failFor(fromErrorAnswer(this.upstream, this.#status, this.#headers, body, this.speaksForClient));
  }

  #guarded<Argument>(argument: Argument, step: (argument: Argument) => void): void {
    try {
      step.call(this, argument);
    } catch (thrown) {
      this.#failFor(fromBadAnswer(this.upstream, this.#status, thrown, this.collected().toString()));
    }
  }

  /** What the provider said is also a word on the key that it was asked with. */
  #failFor(error: ProviderError): void {
    this.fail(this.#key === null ? error : this.upstream.keys.judge(this.#key, error));
  }
}
