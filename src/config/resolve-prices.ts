import type { Config, Price, ProviderConfig } from './config.ts';
import type { GatewayFile } from './contract.ts';
import { listPriceOf } from './prices.ts';

/** The price of each model that a provider serves, as `provider/model`, where it is known. */
export function resolvePrices(file: GatewayFile, providers: readonly ProviderConfig[]): Config['prices'] {
  const own = new Map<string, Price>(Object.entries(file.prices ?? {}));
  const prices: Record<string, Price> = {};
  for (const { name, type, models } of providers) {
    for (const model of models) {
      const target = `${name}/${model}`;
      const price = own.get(target) ?? own.get(model) ?? listPriceOf(type, model);
      if (price) prices[target] = price;
    }
  }
  return prices;
}

/** The longest answer to expect of a request that names none: by the name it asks for, and as `provider/model`. */
export function resolveAnswerBounds(file: GatewayFile, providers: readonly ProviderConfig[]): Config['answerBounds'] {
  const bounds: Record<string, number> = {};
  for (const provider of providers) {
    if (!('maxOutputTokens' in provider) || provider.maxOutputTokens === undefined) continue;
    for (const model of provider.models) bounds[`${provider.name}/${model}`] = provider.maxOutputTokens;
  }
  return { ...bounds, ...file.models?.maxOutputTokens };
}
