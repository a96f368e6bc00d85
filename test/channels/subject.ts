import type { MessageToSign } from '../../src/channels/wire/message-to-sign.ts';
import type { Channel, RawWebhook, ReplyTarget, SendFault } from '../../src/core/ports/channel.ts';
import type { FakeAnswer, FakePlatform, FakeSilence } from '../support/fake-platform.ts';
import type { HandClock } from '../support/hand-clock.ts';

/** A test of the contract, unless the channel has a reason to be spared it. */
export type Test = (title: string, run: () => void | Promise<void>) => void;

/** A channel as the contract meets it, fresh for every test, with two secrets: the one in use, and the one before it. */
export interface Subject {
  readonly channel: Channel;
  readonly clock: HandClock;
  readonly fake: FakePlatform;
  /** What may stand in no error. */
  readonly secrets: readonly string[];
  /** Those that go out with a send, so that the platform could repeat them. */
  readonly sent: readonly string[];

  readonly message: MessageToSign;
  sign(message: MessageToSign, secret?: 'old' | 'strange'): RawWebhook;
  /** An authentic webhook of this body. */
  signBody(body: string): RawWebhook;
  /** The same channel with no secret, and with an empty one. */
  withoutSecrets(): Channel[];
  readonly proof: Proof;

  /** The same event as `sign(message)`, as the platform sends it the second time. */
  again(message: MessageToSign): RawWebhook;
  /** Absent where a platform sends none. */
  own?(): RawWebhook;
  bot?(): RawWebhook;
  /** Authentic, and of no use. */
  readonly useless: readonly string[];

  target(): ReplyTarget;
  /** What stands on the platform now, in the order it came. */
  shown(): string[];
  /** The dialect as the platform reads it: throws when a chunk is not whole, answers its words. */
  read(text: string): string;
  /** What is shown of a plain text. */
  readPlain(plain: string): string;

  readonly rateLimits: readonly (readonly [FakeAnswer, number])[];
  readonly faults: readonly (readonly [FakeAnswer | FakeSilence, SendFault])[];
  readonly refusedFormatting?: FakeAnswer;
}

export interface Proof {
  readonly header: string;
  /** Values of the header that are none, made from a good one. */
  readonly badValues: readonly ((good: string) => string)[];
  readonly timestampHeader?: string;
  /** Other headers without which nothing is proved. */
  readonly others: readonly string[];
}
