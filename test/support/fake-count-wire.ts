import { fakeMessagesWire } from './fake-messages-wire.ts';
import { type FakeWire, tokensIn } from './fake-wire.ts';

/** The messages wire's counting of tokens. */
export const fakeCountWire: FakeWire = {
  ...fakeMessagesWire,
  whole: (request) => ({ input_tokens: tokensIn(JSON.stringify(request.messages ?? '')) }),
  stream: () => [],
};
