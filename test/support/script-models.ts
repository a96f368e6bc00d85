import { createScriptedProvider, type Script } from './scripted-provider.ts';
import type { GatewayOptions } from './start-gateway.ts';

/** For `startGateway`: a model of each name that does what its script says; the first is the default. */
export function scriptModels(
  scripts: Readonly<Record<string, Script>>,
): Required<Pick<GatewayOptions, 'parts' | 'settings'>> {
  const names = Object.keys(scripts);
  const providers = Object.entries(scripts).map(([name, script]) =>
    createScriptedProvider(script, { name, models: [name] }),
  );
  const named = Object.fromEntries(names.map((name) => [name, { type: 'echo', models: [name] }]));
  return { parts: { providers }, settings: { providers: named, models: { default: names[0] } } };
}
