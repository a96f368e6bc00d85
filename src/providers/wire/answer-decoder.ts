import type { ProviderEvent } from '../../core/ports/provider.ts';
import type { StreamReader } from './dialect.ts';
import { EventDecoder } from './event-decoder.ts';
import { RepeatedText } from './repeated-text.ts';

/** The bytes of a streamed answer, cut anywhere → its events, in one batch for each feed. */
export class AnswerDecoder {
  readonly #reader: StreamReader;
  readonly #decoder: EventDecoder;
  readonly #repeated: RepeatedText;
  #batch: ProviderEvent[] = [];
  #finished = false;
  #begun = false;

  constructor(reader: StreamReader) {
    this.#reader = reader;
    this.#decoder = new EventDecoder((data) => {
      this.#begun = true;
      if (!this.#finished) this.#finished = this.#reader.read(data, this.#batch);
    });
    this.#repeated = new RepeatedText((chunk) => {
      this.#decoder.feed(chunk);
      return this.rest();
    });
  }

  /** At least one event came, even if it said nothing that we pass on. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The answer has said its last word: the batch it came in ends with `finish`. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Throws a `BadAnswer`; what came before it is in `rest`. */
  feed(chunk: Buffer): ProviderEvent[] {
    return this.#finished ? [] : this.#repeated.feed(chunk);
  }

  /** The body ended by itself. */
  end(): ProviderEvent[] {
    this.#decoder.end();
    if (!this.#finished) this.#reader.end(this.#batch);
    this.#finished = true;
    return this.rest();
  }

  rest(): ProviderEvent[] {
    const batch = this.#batch;
    this.#batch = [];
    return batch;
  }
}
