import type { ForwardBatch, ForwardCall } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { AnswerBatch } from './answer-batch.ts';
import { forwardingOf, toForwardedRequest } from './forwarding.ts';
import type { JsonObject } from './json-shape.ts';
import type { Outgoing } from './outgoing.ts';
import type { Upstream } from './upstream.ts';

/** A client's own words, answered whole: looked at for what it cost and why it ended, and handed on byte for byte. */
export class ForwardedAnswer extends AnswerBatch<ForwardBatch> {
  readonly #call: ForwardCall;

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

  protected override read(answer: JsonObject, bytes: Buffer): ForwardBatch {
    return { bytes, finish: forwardingOf(this.upstream, this.#call).finishOf(answer) };
  }
}
