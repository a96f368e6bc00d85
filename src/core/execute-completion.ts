import { Answer, estimateInput } from './answer.ts';
import { announce } from './commit-turn.ts';
import type { ActiveCompletion, AnswerPiece, CompletionBatch, CompletionRequest, EmbedRequest } from './completion.ts';
import { GatewayError, ProviderError, toGatewayError } from './errors.ts';
import type { ExecuteParts } from './execute-turn.ts';
import { type Ids, sessionIdOf } from './ids.ts';
import type { Models } from './models.ts';
import type { ForwardBatch, Provider, ProviderCall, ProviderEvent } from './ports/provider.ts';
import type { Signal } from './ports/signal.ts';
import type { Principal } from './principal.ts';
import type { Answering, Candidate } from './routing/ask.ts';
import type { Run } from './run.ts';
import { fromRunError, toRunError } from './run-error.ts';
import type { Spend, Spending } from './spending.ts';
import type { Usage } from './usage.ts';

export interface CompleteParts extends ExecuteParts {
  models: Models;
  spending: Spending;
  ids: Ids;
}

export interface CompleteOptions {
  signal: Signal;
  /** Called once, when the run has ended. */
  left(): void;
}

/** What a provider delivers: bytes in the client's words, or events in ours. */
type Piece = ForwardBatch | ProviderEvent[];

/** Throws, or rejects with, what can be refused before a provider is asked. */
export function executeCompletion(
  parts: CompleteParts,
  principal: Principal,
  request: CompletionRequest,
  options: CompleteOptions,
): Promise<ActiveCompletion> | ActiveCompletion {
  const candidates = parts.models.candidates(principal, request.model);
  const begin = (spend: Spend) => {
    const run = toRun(parts, principal, request);
    const batches = new CompletionExecution(parts, run, { candidates, request, spend, options });
    return { run, tokens: spend.tokens, batches, outcome: () => batches.outcome() };
  };
  const spend = parts.spending.begin(principal, {
    model: parts.models.nameOf(request.model),
    candidates,
    inputTokens: () => sizeOf(request),
    maxOutputTokens: request.maxOutputTokens,
  });
  return spend instanceof Promise ? spend.then(begin) : begin(spend);
}

function toRun({ ids, clock }: CompleteParts, { user, keyId }: Principal, request: CompletionRequest): Run {
  const id = ids.run();
  return {
    id,
    // A session that is named and never made: nothing of what is said is kept.
    sessionId: sessionIdOf(id),
    user,
    ...(keyId === undefined ? {} : { keyId }),
    channel: request.channel,
    state: 'running',
    model: request.model,
    attempts: 0,
    ...(request.metadata ? { metadata: request.metadata } : {}),
    createdAt: clock.now(),
  };
}

interface Begun {
  candidates: readonly Candidate[];
  request: CompletionRequest;
  spend: Spend;
  options: CompleteOptions;
}

class CompletionExecution implements AsyncIterableIterator<CompletionBatch, void> {
  readonly #parts: CompleteParts;
  readonly #run: Run;
  readonly #candidates: readonly Candidate[];
  readonly #request: CompletionRequest;
  readonly #spend: Spend;
  readonly #options: CompleteOptions;
  /** Only of an answer in our words. */
  #answer: Answer | undefined;
  #call: Omit<ProviderCall, 'model' | 'stream'> | undefined;
  #answering: Answering<Piece> | null = null;
  #forwarded = false;
  #usage: Usage | undefined;
  /** Server-sent events that went by as bytes: about a token each, where a cut leaves no better figure. */
  #passed = 0;
  #finished = false;
  #isOver = false;
  /** The run, between the last piece and the end. */
  #stored: Run | undefined;

  constructor(parts: CompleteParts, run: Run, { candidates, request, spend, options }: Begun) {
    this.#parts = parts;
    this.#run = run;
    this.#candidates = candidates;
    this.#request = request;
    this.#spend = spend;
    this.#options = options;
    parts.metrics.runStarted();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<CompletionBatch, void>> {
    if (this.#stored) return this.#end(this.#stored);
    if (this.#isOver) return { done: true, value: undefined };
    let failure: GatewayError | undefined;
    let value: CompletionBatch | undefined;
    try {
      while (!this.#finished) {
        const piece = await this.#read();
        this.#finished = finishes(piece);
        value = this.#toBatch(piece);
        if (value && !this.#finished) return { done: false, value };
      }
    } catch (error) {
      failure = toGatewayError(error);
    }
    const run = await this.#settle(failure);
    if (failure && !this.#answering) throw failure;
    // The last piece holds the dialect's own end, so that it goes out only when the run is stored.
    if (!value || run.error) return this.#end(run);
    this.#stored = run;
    return { done: false, value };
  }

  #end(run: Run): IteratorResult<CompletionBatch, void> {
    this.#stored = undefined;
    return { done: false, value: { type: 'end', run, forwarded: this.#forwarded } };
  }

  async outcome(): Promise<CompletionBatch[]> {
    const batches: CompletionBatch[] = [];
    let failure: GatewayError | undefined;
    try {
      while (!this.#finished) {
        const piece = await this.#read();
        this.#finished = finishes(piece);
        const batch = this.#toBatch(piece);
        if (batch) batches.push(batch);
      }
    } catch (error) {
      failure = toGatewayError(error);
    }
    const run = await this.#settle(failure);
    if (failure) throw failure;
    if (run.error) throw fromRunError(run.error);
    batches.push({ type: 'end', run, forwarded: this.#forwarded });
    return batches;
  }

  async return(): Promise<IteratorResult<CompletionBatch, void>> {
    if (!this.#isOver) {
      const left = new GatewayError('CLIENT_CLOSED', 'The client went away.');
      const settled = this.#settle(left);
      await this.#answering?.leave();
      await settled;
    }
    return { done: true, value: undefined };
  }

  #read(): Promise<Piece> {
    return this.#answering ? this.#answering.next() : this.#begin();
  }

  async #begin(): Promise<Piece> {
    this.#answering = await this.#parts.routing.begin<Piece>({
      run: this.#run,
      candidates: this.#candidates,
      signal: this.#options.signal,
      start: (candidate) => this.#start(candidate),
      speaks,
      finishes,
    });
    const { first } = this.#answering;
    this.#forwarded = !Array.isArray(first);
    return first;
  }

  #start({ provider, model }: Candidate): AsyncIterator<Piece> {
    const { original, stream } = this.#request;
    const { signal } = this.#options;
    if (original && provider.forward && provider.dialects?.includes(original.dialect)) {
      return provider.forward({ ...original, model, stream }, signal)[Symbol.asyncIterator]();
    }
    if (this.#request.embed && provider.embed) return this.#embed(provider, this.#request.embed, model);
    this.#call ??= this.#translate();
    return provider.call({ ...this.#call, model, stream }, signal)[Symbol.asyncIterator]();
  }

  async *#embed(provider: Provider, { toCall, write }: EmbedRequest, model: string): AsyncGenerator<ForwardBatch> {
    const embeddings = await provider.embed?.({ ...toCall(), model }, this.#options.signal);
    if (!embeddings) throw new ProviderError('unsupported_parameter', `${provider.name}: no embeddings`);
    const { usage } = embeddings;
    yield { bytes: Buffer.from(write(this.#run, embeddings)), finish: usage ? { usage } : {} };
  }

  /** What our words cannot say is no fault of the request: a provider that speaks the client's may be asked. */
  #translate(): Omit<ProviderCall, 'model' | 'stream'> {
    try {
      return this.#request.toCall();
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'UNSUPPORTED_PARAMETER') throw error;
      throw new ProviderError('unsupported_parameter', error.message, { cause: error });
    }
  }

  /** What the client gets of a piece; undefined when there is nothing in it for the client. */
  #toBatch(piece: Piece): CompletionBatch | undefined {
    if (!Array.isArray(piece)) {
      const { bytes, finish } = piece;
      if (finish?.reason) this.#run.finishReason = finish.reason;
      this.#usage = finish?.usage ?? this.#usage;
      if (this.#request.stream) this.#passed += countEvents(bytes);
      return bytes.length > 0 ? { type: 'bytes', bytes } : undefined;
    }
    const events: AnswerPiece[] = [];
    this.#answer ??= new Answer();
    for (const event of piece) {
      this.#answer.add(event);
      if (event.type !== 'finish') events.push(event);
    }
    return events.length > 0 ? { type: 'events', events } : undefined;
  }

  async #settle(failure: GatewayError | undefined): Promise<Run> {
    this.#isOver = true;
    const finishReason = this.#answer?.finishReason;
    const run: Run = {
      ...this.#run,
      state: failure ? 'failed' : 'completed',
      ...(finishReason && !failure ? { finishReason } : {}),
      ...(this.#answering ? { usage: this.#used() } : {}),
      ...(failure ? { error: toRunError(failure) } : {}),
      endedAt: this.#parts.clock.now(),
    };
    const cost = this.#spend.settle(run, this.#answering?.candidate);
    if (cost !== undefined && run.usage) run.usage = { ...run.usage, cost };
    // Who sends the answer reads from the run that it was given at the start.
    if (run.usage) this.#run.usage = run.usage;
    try {
      await this.#parts.store.finishTurn({ user: run.user, run, isNew: true });
      return announce(this.#parts, run);
    } catch (error) {
      this.#parts.log.error({ runId: run.id, error }, 'a completion could not be noted');
      const lost = toRunError(toGatewayError(error));
      return announce(this.#parts, { ...run, state: 'failed', error: run.error ?? lost });
    } finally {
      this.#options.left();
    }
  }

  #used(): Usage {
    if (this.#usage) return this.#usage;
    if (this.#call && this.#answer) return this.#answer.usage(this.#call.messages, this.#call.instructions);
    const inputTokens = sizeOf(this.#request);
    return { inputTokens, outputTokens: this.#passed, totalTokens: inputTokens + this.#passed, estimated: true };
  }
}

/** What a model would read of it, in tokens, as far as that is known without putting it into our words. */
function sizeOf({ original, toCall }: CompletionRequest): number {
  try {
    const { messages, instructions } = toCall();
    return estimateInput(messages, instructions);
  } catch (error) {
    // What our words cannot say is only as long as its bytes; pictures are then counted too high rather than not at all.
    if (original) return Math.ceil(original.body.length / 4);
    throw error;
  }
}

function speaks(piece: Piece): boolean {
  return Array.isArray(piece) ? piece.length > 0 : piece.bytes.length > 0 || piece.finish !== undefined;
}

function finishes(piece: Piece): boolean {
  return Array.isArray(piece) ? piece.at(-1)?.type === 'finish' : piece.finish !== undefined;
}

function countEvents(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf('\n\n'); at !== -1; at = bytes.indexOf('\n\n', at + 2)) count += 1;
  return count;
}
