import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { AnswerBatch } from './answer-batch.ts';
import type { JsonObject } from './json-shape.ts';
import type { Outgoing } from './outgoing.ts';
import type { Upstream } from './upstream.ts';

/** A call without a stream, in our words. */
export class WholeAnswer extends AnswerBatch<ProviderEvent[]> {
  readonly #call: ProviderCall;

  constructor(upstream: Upstream, call: ProviderCall, signal: Signal) {
    super(upstream, signal);
    this.#call = call;
  }

  protected override request(): Outgoing {
    const { dialect } = this.upstream;
    return { path: dialect.callPath, body: JSON.stringify(dialect.toRequest(this.#call)) };
  }

  protected override read(answer: JsonObject): ProviderEvent[] {
    return this.upstream.dialect.fromAnswer(answer);
  }
}
