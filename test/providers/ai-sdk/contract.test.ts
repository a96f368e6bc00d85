import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { startFakeProvider } from '../../support/fake-provider.ts';
import { describeProvider } from '../provider.contract.ts';
import { createMade, makePackage } from './made-package.ts';
import { realOptions, realPackages } from './real-packages.ts';

for (const version of ['v2', 'v3', 'v4']) {
  describeProvider(`a package of the AI SDK (${version})`, async () => {
    const made = await makePackage();
    const provider = await createMade(made, { settings: { version } });
    return {
      provider,
      willCallTool: (tool) => made.next({ tool }),
      async close() {
        await provider.close();
        made.remove();
      },
    };
  });
}

for (const real of realPackages) {
  describeProvider(real.title, async () => {
    const fake = await startFakeProvider();
    const provider = await createAiSdkProvider(realOptions(real, fake));
    return {
      provider,
      willCallTool: (tool) => fake.next({ toolCalls: [{ name: tool, arguments: '{"at":"the sky"}' }] }),
      async close() {
        await provider.close();
        await fake.close();
      },
    };
  });
}
