import { describeChannel } from './channel.contract.ts';
import { makers, skips } from './channels.ts';

for (const [name, make] of Object.entries(makers)) describeChannel(name, make, skips[name] ?? {});
