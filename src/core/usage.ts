/** Tokens of one run, as the provider counted them. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cachedInputTokens?: number;
  reasoningTokens?: number;
  /** Of those read, how many the provider put into its cache: some ask more for them. Neither stored nor told. */
  cacheWriteTokens?: number;
  /** True when the provider gave no figures and bytes ÷ 4 stands in for them. */
  estimated?: boolean;
  /** Billionths of a US dollar; absent where the price is not known. */
  cost?: number;
}

/** Bytes ÷ 4, rounded up: no tokenizer, because those take seconds on long runs of one character. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
