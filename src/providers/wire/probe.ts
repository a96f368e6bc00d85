import { ProviderError } from '../../core/errors.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { Exchange } from './exchange.ts';
import type { Outgoing } from './outgoing.ts';
import type { Upstream } from './upstream.ts';

/** A provider is alive as long as one of its keys opens. */
export async function probe(upstream: Upstream, signal: Signal, keys: number): Promise<void> {
  for (let left = keys - 1; ; left--) {
    try {
      return await Probe.run(upstream, signal);
    } catch (thrown) {
      if (left <= 0 || !(thrown instanceof ProviderError && thrown.kind === 'unauthorized')) throw thrown;
    }
  }
}

/** Asks for the list of models and believes no word of it: that somebody answers is all we want to know. */
class Probe extends Exchange {
  #resolve: () => void = ignore;
  #reject: (error: unknown) => void = ignore;

  static run(upstream: Upstream, signal: Signal): Promise<void> {
    const probe = new Probe(upstream, signal);
    return new Promise((resolve, reject) => {
      probe.#resolve = resolve;
      probe.#reject = reject;
      probe.ask();
    });
  }

  protected override request(): Outgoing {
    return { method: 'GET', path: this.upstream.dialect.probePath, body: null };
  }

  /** A compatible server without such a list is alive all the same. */
  protected override isGood(status: number): boolean {
    return super.isGood(status) || status === 404 || status === 405;
  }

  protected override bodyStarts(): void {
    // The body is left to the socket's own drain: read and thrown away, cut when it takes long.
    this.succeed();
    this.#resolve();
  }

  protected override bodyGoesOn(): void {}

  protected override bodyEnds(): void {}

  protected override failed(error: unknown): void {
    this.#reject(error);
  }
}

function ignore(): void {}
