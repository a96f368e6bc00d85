/**
 * The provider that needs nobody: it answers with what it was told, offline and always the same, so that a gateway with
 * nothing configured can be tried out. Sampling settings cannot change an answer that has no chance in it and are
 * satisfied by doing nothing; every other one is obeyed or refused.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Provider, ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { answerTo } from './answer-to.ts';
import { countUsage } from './count-usage.ts';
import { embed } from './embed.ts';
import { splitIntoChunks } from './split-into-chunks.ts';

export interface EchoOptions {
  name: string;
  /** The names it answers to, which make no difference to it. Default: `echo`. */
  models?: readonly string[];
}

export function createEchoProvider({ name, models = ['echo'] }: EchoOptions): Provider {
  return {
    name,
    models,
    configured: true,
    call: echo,
    async embed(call, signal) {
      signal.throwIfAborted();
      return embed(call);
    },
    async probe(signal) {
      signal.throwIfAborted();
    },
    async close() {},
  };
}

async function* echo(call: ProviderCall, signal: Signal): AsyncGenerator<ProviderEvent[]> {
  signal.throwIfAborted();
  const answer = answerTo(call);
  const usage = countUsage(call, answer);
  const finish: ProviderEvent = { type: 'finish', reason: answer.reason, usage };
  if (!call.stream) {
    yield [...answer.events, finish];
    return;
  }
  for (const event of answer.events) {
    for (const chunk of splitIntoChunks(event)) {
      yield [chunk];
      // Lets whoever wants to abort get a turn, as a provider's network would.
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  yield [finish];
}
