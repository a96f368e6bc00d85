/** The members of a chat completion's request, and what of them says nothing that another provider would have to hear. */
import type { HarmlessMembers } from '../refuse.ts';

/** Put into our words, in `from-chat-completion-request.ts`. */
export const chatMembers: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'max_completion_tokens',
  'max_tokens',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning_effort',
  'verbosity',
  'response_format',
  'metadata',
]);

/** Read by `cacheOf`. */
const cacheControl = { cache_control: { reason: "a hint for Anthropic's cache, which it is given" } };

export const harmlessChatMembers: HarmlessMembers = {
  ...cacheControl,
  n: { reason: 'one answer is what there is', values: [1] },
  logprobs: { reason: 'none are told', values: [false] },
  logit_bias: { reason: 'favours nothing', values: [{}] },
  modalities: { reason: 'text is what there is', values: [['text']] },
  store: { reason: 'nothing of what is said is kept', values: [false] },
  service_tier: { reason: 'leaves it to the provider', values: ['auto', 'default'] },
  functions: { reason: 'an older name for tools; none are there', values: [[]] },
  function_call: { reason: 'an older name for tool_choice, without functions', values: ['none', 'auto'] },
  user: { reason: 'tells OpenAI which user asks, for its own watch on abuse' },
  safety_identifier: { reason: 'tells OpenAI which user asks, for its own watch on abuse' },
  prompt_cache_key: { reason: 'helps OpenAI to find its cache' },
  prompt_cache_retention: { reason: 'how long OpenAI keeps its cache' },
  prompt_cache_options: { reason: 'how OpenAI uses its cache' },
};

export const harmlessStreamOptions: HarmlessMembers = {
  include_obfuscation: { reason: 'asks for padding, and has no meaning of its own' },
};

/** Of messages, by role. What an SDK leaves in a message when it sends an answer back is harmless. */
export const harmlessMessageMembers: Readonly<Record<string, HarmlessMembers>> = {
  system: cacheControl,
  developer: cacheControl,
  user: cacheControl,
  assistant: {
    ...cacheControl,
    annotations: { reason: 'where an answer quoted from: nowhere', values: [[]] },
    parsed: { reason: 'what the SDK made of the content beside it' },
  },
  tool: { ...cacheControl, name: { reason: 'the function, which the call named' } },
};

/** Of parts of messages. OpenAI's Agents SDK writes all of an answer's message into its text when it sends it back. */
export const harmlessPartMembers: HarmlessMembers = {
  ...cacheControl,
  role: { reason: 'whose message the part is of', values: ['assistant'] },
  tool_calls: { reason: 'the calls of the message that the part is of' },
  annotations: { reason: 'where an answer quoted from: nowhere', values: [[]] },
};

export const harmlessChatToolMembers: HarmlessMembers = cacheControl;

export const harmlessCallMembers: HarmlessMembers = {
  index: { reason: 'its place, which its place says' },
  parsed_arguments: { reason: 'what the SDK made of the arguments beside it' },
};
