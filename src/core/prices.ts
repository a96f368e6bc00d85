import type { Usage } from './usage.ts';

/**
 * Money inside the gateway: whole billionths of a US dollar, so that sums are exact. A number holds nine million dollars
 * of them.
 */
export type NanoDollars = number;

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** As `input` when absent, and so is the next. */
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  /** Tokens read: above so many this is not the price, and none is known. */
  readonly upTo?: number;
}

export interface Prices {
  /** What a model at a provider costs; undefined where the price is not known. */
  costOf(provider: string, model: string, usage: Usage): NanoDollars | undefined;
}

/** In millionths of a millionth of a dollar for one token, so that every price is a whole number too. */
interface Rates {
  input: number;
  output: number;
  cachedInput: number;
  cacheWrite: number;
  upTo: number;
}

/** `prices` by `provider/model`. */
export function createPrices(prices: Readonly<Record<string, Price>>): Prices {
  const rates = new Map(Object.entries(prices).map(([target, price]) => [target, toRates(price)]));
  return {
    costOf(provider, model, usage) {
      const rate = rates.get(`${provider}/${model}`);
      if (!rate || usage.inputTokens > rate.upTo) return undefined;
      const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
      const plain = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
      const read = plain * rate.input + cachedInputTokens * rate.cachedInput + cacheWriteTokens * rate.cacheWrite;
      return Math.round((read + outputTokens * rate.output) / 1000);
    },
  };
}

export function toNanoDollars(dollars: number): NanoDollars {
  return Math.round(dollars * 1e9);
}

export function toDollars(nano: NanoDollars): number {
  return nano / 1e9;
}

function toRates({ input, output, cachedInput = input, cacheWrite = input, upTo = Infinity }: Price): Rates {
  const rate = (dollarsPerMillion: number) => Math.round(dollarsPerMillion * 1e6);
  return {
    input: rate(input),
    output: rate(output),
    cachedInput: rate(cachedInput),
    cacheWrite: rate(cacheWrite),
    upTo,
  };
}
