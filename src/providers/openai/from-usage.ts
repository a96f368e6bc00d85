import type { Usage } from '../../core/usage.ts';
import { countIn, type JsonObject, objectIn } from '../wire/json-shape.ts';

/** The same counts under two names. */
interface Names {
  input: string;
  inputDetails: string;
  output: string;
  outputDetails: string;
}

const ofChat: Names = {
  input: 'prompt_tokens',
  inputDetails: 'prompt_tokens_details',
  output: 'completion_tokens',
  outputDetails: 'completion_tokens_details',
};

const ofResponse: Names = {
  input: 'input_tokens',
  inputDetails: 'input_tokens_details',
  output: 'output_tokens',
  outputDetails: 'output_tokens_details',
};

/** The `usage` of a chat completion → ours; undefined where the server gave no counts. */
export function fromChatUsage(usage: JsonObject | undefined): Usage | undefined {
  return fromUsage(usage, ofChat);
}

/** The same of a response. */
export function fromResponseUsage(usage: JsonObject | undefined): Usage | undefined {
  return fromUsage(usage, ofResponse);
}

function fromUsage(usage: JsonObject | undefined, names: Names): Usage | undefined {
  const inputTokens = countIn(usage, names.input);
  const outputTokens = countIn(usage, names.output);
  if (!usage || inputTokens === undefined || outputTokens === undefined) return undefined;
  const result: Usage = {
    inputTokens,
    outputTokens,
    totalTokens: countIn(usage, 'total_tokens') ?? inputTokens + outputTokens,
  };
  // The second name is DeepSeek's.
  const cached =
    countIn(objectIn(usage, names.inputDetails), 'cached_tokens') ?? countIn(usage, 'prompt_cache_hit_tokens');
  const reasoning = countIn(objectIn(usage, names.outputDetails), 'reasoning_tokens');
  if (cached !== undefined) result.cachedInputTokens = cached;
  if (reasoning !== undefined) result.reasoningTokens = reasoning;
  return result;
}
