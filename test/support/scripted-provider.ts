import { setImmediate as nextTurn } from 'node:timers/promises';
import { ProviderError, type ProviderFault } from '../../src/core/errors.ts';
import type { Provider, ProviderCall, ProviderEvent } from '../../src/core/ports/provider.ts';

/** What the provider does next in a call. */
export type Step =
  /** One batch. */
  | ProviderEvent[]
  | { fail: ProviderFault; retryAfterMs?: number; parameter?: string }
  /** Something no adapter should throw. */
  | { throw: unknown }
  /** Stands still until the promise is kept, or the signal aborts. */
  | { wait: Promise<unknown> }
  /** Stands still until the signal aborts. */
  | 'hang';

export type Script = readonly Step[] | ((call: ProviderCall, index: number) => readonly Step[]);

export interface ScriptedProvider extends Provider {
  readonly calls: RecordedCall[];
  /** Calls that are under way. */
  open(): number;
}

export interface RecordedCall {
  call: ProviderCall;
  /** The reason, when the call saw its signal abort. */
  aborted?: unknown;
  outcome: 'open' | 'ended' | 'failed' | 'aborted' | 'returned';
}

export interface ScriptedOptions {
  name?: string;
  models?: readonly string[];
  configured?: boolean;
  probe?: (signal: AbortSignal) => Promise<void>;
}

/** A provider that does what it was told, one batch a turn of the event loop, and keeps the port's word on aborts. */
export function createScriptedProvider(script: Script, options: ScriptedOptions = {}): ScriptedProvider {
  const { name = 'scripted', models = ['model-a'], configured = true, probe = async () => {} } = options;
  const calls: RecordedCall[] = [];

  async function* call(wanted: ProviderCall, signal: AbortSignal): AsyncGenerator<ProviderEvent[]> {
    const record: RecordedCall = { call: wanted, outcome: 'open' };
    calls.push(record);
    try {
      yield* play(typeof script === 'function' ? script(wanted, calls.length - 1) : script, signal);
      record.outcome = 'ended';
    } catch (error) {
      record.outcome = signal.aborted ? 'aborted' : 'failed';
      if (signal.aborted) record.aborted = signal.reason;
      throw error;
    } finally {
      if (record.outcome === 'open') record.outcome = 'returned';
    }
  }

  return {
    name,
    models,
    configured,
    calls,
    open: () => calls.filter(({ outcome }) => outcome === 'open').length,
    call,
    probe,
    async close() {},
  };
}

async function* play(steps: readonly Step[], signal: AbortSignal): AsyncGenerator<ProviderEvent[]> {
  for (const step of steps) {
    await unlessAborted(pauseBefore(step), signal);
    if (step === 'hang' || 'wait' in step) continue;
    if ('throw' in step) throw step.throw;
    if ('fail' in step) throw new ProviderError(step.fail, 'secret words of the provider', step);
    yield step;
  }
}

function pauseBefore(step: Step): Promise<unknown> {
  if (step === 'hang') return new Promise(() => {});
  return 'wait' in step ? step.wait : nextTurn();
}

function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

export const text = (...texts: string[]): ProviderEvent[] => texts.map((piece) => ({ type: 'text', text: piece }));

export const finish: ProviderEvent[] = [
  { type: 'finish', reason: 'stop', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } },
];

/** A call of a tool in one piece. */
export const toolCall = (id: string, name = 'look', index = 0): ProviderEvent[] => [
  { type: 'tool_call', index, id, name, arguments: '{}' },
];

/** A step that waits to be let go. */
export function gate(): { step: Step; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { step: { wait: promise }, open: resolve };
}
