/**
 * What a mapping throws when an answer is none. It knows neither the provider's name nor its key, so it is turned into a
 * `ProviderError` where both are known.
 */
export type BadAnswer = Malformed | Reported;

/** The bytes are not what the wire's documentation says. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** The provider reported an error inside an answer that had begun as a success. */
export class Reported extends Error {
  override readonly name = 'Reported';
  readonly body: unknown;

  constructor(body: unknown) {
    super('reported inside the answer');
    this.body = body;
  }
}
