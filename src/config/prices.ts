/**
 * List prices in US dollars for a million tokens, standard processing. OpenAI: developers.openai.com/api/docs/pricing,
 * Anthropic: platform.claude.com/docs/en/about-claude/pricing, as they and copies of them
 * showed in November 2026: for an estimate, not for a bill. What does not stand here and not
 * in the config file has no price: a cost is never guessed. Changed prices need no release, the config file goes before.
 *
 * `upTo`: vendors ask more for long requests, and above so many tokens read this price does not hold.
 */
import type { Price } from './config.ts';

const opus45: Price = { input: 5, output: 25, cachedInput: 0.5, cacheWrite: 6.25 };
const opus4: Price = { input: 15, output: 75, cachedInput: 1.5, cacheWrite: 18.75 };
const sonnet4: Price = { input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75 };
const haiku45: Price = { input: 1, output: 5, cachedInput: 0.1, cacheWrite: 1.25 };

const openai: Readonly<Record<string, Price>> = {
  'gpt-5.5': { input: 5, output: 30, cachedInput: 0.5, upTo: 272_000 },
  'gpt-5.4': { input: 2.5, output: 15, cachedInput: 0.25, upTo: 272_000 },
  'gpt-5.4-mini': { input: 0.75, output: 4.5, cachedInput: 0.075 },
  'gpt-5.4-nano': { input: 0.2, output: 1.25, cachedInput: 0.02 },
  'gpt-5.2': { input: 1.75, output: 14, cachedInput: 0.175 },
  'gpt-5.1': { input: 1.25, output: 10, cachedInput: 0.125 },
  'gpt-5': { input: 1.25, output: 10, cachedInput: 0.125 },
  'gpt-5-mini': { input: 0.25, output: 2, cachedInput: 0.025 },
  'gpt-5-nano': { input: 0.05, output: 0.4, cachedInput: 0.005 },
  'gpt-4.1': { input: 2, output: 8, cachedInput: 0.5 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6, cachedInput: 0.1 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4, cachedInput: 0.025 },
  'gpt-4o': { input: 2.5, output: 10, cachedInput: 1.25 },
  'gpt-4o-mini': { input: 0.15, output: 0.6, cachedInput: 0.075 },
  o3: { input: 2, output: 8, cachedInput: 0.5 },
  'o3-mini': { input: 1.1, output: 4.4, cachedInput: 0.55 },
  'o4-mini': { input: 1.1, output: 4.4, cachedInput: 0.275 },
  o1: { input: 15, output: 60, cachedInput: 7.5 },
  'text-embedding-3-small': { input: 0.02, output: 0 },
  'text-embedding-3-large': { input: 0.13, output: 0 },
};

const anthropic: Readonly<Record<string, Price>> = {
  'claude-fable-5-1': { input: 10, output: 50, cachedInput: 0.25, cacheWrite: 12.5 },
  'claude-fable-5': { input: 10, output: 50, cachedInput: 1, cacheWrite: 12.5 },
  'claude-opus-5-5': { input: 4, output: 20, cachedInput: 0.2, cacheWrite: 5 },
  'claude-opus-5': opus45,
  'claude-opus-4-8': { ...opus45, upTo: 200_000 },
  'claude-opus-4-7': { ...opus45, upTo: 200_000 },
  'claude-opus-4-6': { ...opus45, upTo: 200_000 },
  'claude-opus-4-5': opus45,
  'claude-opus-4-1': opus4,
  'claude-opus-4': opus4,
  'claude-sonnet-5-5': { input: 2, output: 10, cachedInput: 0.1, cacheWrite: 2.5 },
  'claude-sonnet-5': { input: 2, output: 10, cachedInput: 0.2, cacheWrite: 2.5 },
  'claude-sonnet-4-6': { ...sonnet4, upTo: 200_000 },
  'claude-sonnet-4-5': { ...sonnet4, upTo: 200_000 },
  'claude-sonnet-4': { ...sonnet4, upTo: 200_000 },
  'claude-haiku-5-5': { input: 0.1, output: 0.5, cachedInput: 0.01, cacheWrite: 0.125, upTo: 100_000 },
  'claude-haiku-4-5': haiku45,
  'claude-3-5-haiku': { input: 0.8, output: 4, cachedInput: 0.08, cacheWrite: 1 },
};

/** By the wire format that a provider speaks. */
export const listPrices: Readonly<Record<string, Readonly<Record<string, Price>>>> = { openai, anthropic };

/** A price holds for a model's dated snapshots too: `gpt-4o-2024-11-20`, `claude-sonnet-4-5-20250929`. */
export function listPriceOf(type: string, model: string): Price | undefined {
  const prices = Object.hasOwn(listPrices, type) ? listPrices[type] : undefined;
  if (!prices) return undefined;
  const undated = model.replace(/-(?:20\d{2}-\d{2}-\d{2}|20\d{6})$/, '');
  // The first snapshot of gpt-4o is the one that costs more than its successors.
  if (model === 'gpt-4o-2024-05-13') return undefined;
  return Object.hasOwn(prices, undated) ? prices[undated] : undefined;
}
