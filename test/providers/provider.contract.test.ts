import { createEchoProvider } from '../../src/providers/echo/index.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { describeProvider } from './provider.contract.ts';
import { wireOptions, wires } from './wires.ts';

describeProvider('echo', async () => {
  const provider = createEchoProvider({ name: 'echo' });
  return { provider, willCallTool: () => {}, close: () => provider.close() };
});

for (const { name, create } of wires) {
  describeProvider(name, async () => {
    const fake = await startFakeProvider();
    const provider = create(wireOptions(fake));
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
