import { Abort } from './abort.ts';
import { GatewayError } from './errors.ts';
import type { Signal } from './ports/signal.ts';

/** The runs that are under way, from the moment they are asked for: draining waits also for those that have not begun. */
export interface Places {
  enter(client: Signal): Place;
  readonly taken: number;
  /** Resolves when nobody is left. */
  empty(): Promise<void>;
  /** Tells everybody to end. */
  cut(reason: GatewayError): void;
}

/** A run among those that are under way. */
export interface Place {
  /** Aborts when the client leaves, or when the gateway cannot wait any longer. */
  readonly signal: Signal;
  /** From now on the client may leave. */
  letGo(): void;
  /** Harmless a second time. */
  end(): void;
}

export function createPlaces(): Places {
  return new List();
}

/** An array in which each knows where it stands: sets and maps that are busy grow anew every few requests. */
class List implements Places {
  readonly #places: TakenPlace[] = [];
  #emptied = Promise.withResolvers<void>();

  get taken(): number {
    return this.#places.length;
  }

  enter(client: Signal): Place {
    const place = new TakenPlace(this, client, this.#places.length);
    this.#places.push(place);
    return place;
  }

  leave(place: TakenPlace): void {
    const last = this.#places.pop();
    if (last && last !== place) {
      this.#places[place.at] = last;
      last.at = place.at;
    }
    if (this.#places.length === 0) this.#emptied.resolve();
  }

  async empty(): Promise<void> {
    if (this.#places.length === 0) return;
    this.#emptied = Promise.withResolvers<void>();
    await this.#emptied.promise;
  }

  cut(reason: GatewayError): void {
    for (const { signal } of [...this.#places]) signal.abort(reason);
  }
}

class TakenPlace implements Place {
  readonly signal = new Abort();
  /** Where it stands in the list. */
  at: number;
  readonly #list: List;
  readonly #client: Signal;
  #ended = false;

  constructor(list: List, client: Signal, at: number) {
    this.#list = list;
    this.#client = client;
    this.at = at;
    if (client.aborted) this.handleEvent();
    else client.addEventListener('abort', this);
  }

  /** The client left. */
  handleEvent(): void {
    this.signal.abort(reasonOf(this.#client));
  }

  letGo(): void {
    this.#client.removeEventListener('abort', this);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.letGo();
    this.#list.leave(this);
  }
}

/** Why the client's side gave up: it left, or its transport had a reason of its own. */
function reasonOf({ reason }: Signal): GatewayError {
  if (reason instanceof GatewayError) return reason;
  return new GatewayError('CLIENT_CLOSED', 'The client went away.', { cause: reason });
}
