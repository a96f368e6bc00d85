/**
 * The long tail: any provider package of the Vercel AI SDK that the operator installed, through the SDK's language-model
 * interface. The package owns the wire – addresses, keys, sockets –, this room owns what the port promises: our words,
 * deadlines, the abort, errors. Nothing here depends on the SDK at run time; its types alone are imported.
 */
import { DeadlineSweep } from '../../core/deadline-sweep.ts';
import { ProviderError } from '../../core/errors.ts';
import type { Provider } from '../../core/ports/provider.ts';
import type { AiSdkOptions } from './ai-sdk-options.ts';
import { answer } from './answer.ts';
import { embed } from './embed.ts';
import { LastOutcome } from './last-outcome.ts';
import { installCommand, loadVendor } from './load-vendor.ts';
import type { Room } from './room.ts';
import type { Vendor } from './vendor.ts';

export type { AiSdkOptions } from './ai-sdk-options.ts';
export { installCommand, loadVendor } from './load-vendor.ts';
export { UnusablePackage } from './unusable-package.ts';

/** Rejects with an `UnusablePackage` when the package is there and cannot be used; one that is missing is logged. */
export async function createAiSdkProvider(options: AiSdkOptions): Promise<Provider> {
  const vendor = await loadVendor(options);
  if (vendor) return providerOf(options, vendor);
  const install = installCommand(options);
  options.log.warn(
    { provider: options.name, package: options.package, install },
    "a provider's package is not installed",
  );
  return unconfigured(options);
}

function providerOf(options: AiSdkOptions, vendor: Vendor): Provider {
  const { name, models, clock, deadlines, maxAnswerBytes, secrets } = options;
  const shortest = Math.min(deadlines.firstChunkMs, deadlines.idleMs, deadlines.totalMs);
  const sweep = new DeadlineSweep(clock, Math.min(100, Math.max(10, Math.floor(shortest / 8))));
  const outcome = new LastOutcome(clock);
  const room: Room = { name, clock, deadlines, maxAnswerBytes, secrets, sweep, outcome };
  const { embeddingModel } = vendor;
  return {
    name,
    models,
    configured: true,
    call(call, signal) {
      return answer(room, vendor, call, signal);
    },
    ...(embeddingModel ? { embed: (call, signal) => embed(room, embeddingModel, call, signal) } : {}),
    /** The interface has no cheap question, and a dear one is not for the background: the last call is the proof. */
    async probe(signal) {
      signal.throwIfAborted();
      outcome.throwIfBad();
    },
    async close() {
      sweep.close();
    },
  };
}

/** Listed, never called. */
function unconfigured({ name, models, package: packageName }: AiSdkOptions): Provider {
  const error = () => new ProviderError('unavailable', `${name}: the package ${packageName} is not installed`);
  return {
    name,
    models,
    configured: false,
    // biome-ignore lint/correctness/useYield: there is nothing to say before it throws
    async *call() {
      throw error();
    },
    async probe() {
      throw error();
    },
    async close() {},
  };
}
