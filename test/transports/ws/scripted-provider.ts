import { ProviderError } from '../../../src/core/errors.ts';
import { textOf } from '../../../src/core/message.ts';
import type { Provider, ProviderCall, ProviderEvent } from '../../../src/core/ports/provider.ts';

/** A provider that says what a test tells it to, batch by batch, and remembers how each call went. */
export interface ScriptedProvider extends Provider {
  calls: ScriptedCall[];
  /** What calls do from now on; at first they echo the question in words. */
  script(script: Script): void;
}

export interface ScriptedCall {
  call: ProviderCall;
  question: string;
  /** Batches that were taken so far. */
  taken: number;
  state: 'running' | 'ended' | 'aborted';
  /** Fulfilled by the test where a script waits for it. */
  gate: PromiseWithResolvers<void>;
}

export type Script = (call: ScriptedCall) => AsyncIterable<ProviderEvent[]> | Iterable<ProviderEvent[]>;

export const finish: ProviderEvent = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
};

export function say(text: string): ProviderEvent {
  return { type: 'text', text };
}

export function createScriptedProvider(): ScriptedProvider {
  const calls: ScriptedCall[] = [];
  let script: Script = ({ question }) => [question.split(/(?<= )/).map(say), [finish]];

  async function* perform(call: ProviderCall, signal: AbortSignal): AsyncGenerator<ProviderEvent[]> {
    const question = textOf(call.messages.at(-1)?.parts ?? []);
    const one: ScriptedCall = { call, question, taken: 0, state: 'running', gate: Promise.withResolvers() };
    calls.push(one);
    const leave = () => {
      one.state = 'aborted';
      one.gate.reject(signal.reason);
    };
    one.gate.promise.catch(() => {});
    signal.addEventListener('abort', leave);
    try {
      for await (const batch of script(one)) {
        signal.throwIfAborted();
        one.taken += 1;
        yield batch;
        signal.throwIfAborted();
      }
      one.state = 'ended';
    } finally {
      signal.removeEventListener('abort', leave);
      if (one.state === 'running') one.state = 'aborted';
    }
  }

  return {
    name: 'scripted',
    models: ['scripted'],
    configured: true,
    calls,
    script(next) {
      script = next;
    },
    call: perform,
    probe: async () => {},
    close: async () => {},
  };
}

export function unavailable(): ProviderError {
  return new ProviderError('unavailable', 'the provider is away');
}
