import type { AiSdkOptions } from '../../../src/providers/ai-sdk/index.ts';
import type { FakeProvider } from '../../support/fake-provider.ts';
import { KEY } from '../wires.ts';
import { sdkOptions } from './made-package.ts';

/** The packages that are installed, on the wires that the fake provider speaks. */
export interface RealPackage {
  package: '@ai-sdk/openai' | '@ai-sdk/anthropic';
  api: string;
}

export const realPackages: readonly RealPackage[] = [
  { package: '@ai-sdk/openai', api: 'chat' },
  { package: '@ai-sdk/anthropic', api: 'messages' },
];

export function realOptions(
  real: RealPackage,
  fake: Pick<FakeProvider, 'openaiUrl'>,
  changes: Partial<AiSdkOptions> = {},
): AiSdkOptions {
  return sdkOptions({ ...real, settings: { apiKey: KEY, baseURL: fake.openaiUrl }, ...changes });
}
