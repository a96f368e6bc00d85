/** The members of a response's request, and what of them says nothing that a provider would have to hear. */
import type { HarmlessMembers } from '../refuse.ts';

/** Put into our words, in `from-response-request.ts`. */
export const responseMembers: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'previous_response_id',
  'store',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'max_output_tokens',
  'parallel_tool_calls',
  'tools',
  'tool_choice',
  'text',
  'include',
  'reasoning',
  'metadata',
]);

export const harmlessResponseMembers: HarmlessMembers = {
  background: { reason: 'the answer is waited for', values: [false] },
  truncation: { reason: 'what is too long is refused', values: ['disabled'] },
  top_logprobs: { reason: 'none are told', values: [0] },
  service_tier: { reason: 'leaves it to the provider', values: ['auto', 'default'] },
  max_tool_calls: { reason: "bounds the calls of OpenAI's own tools, of which there are none" },
  user: { reason: 'tells OpenAI which user asks, for its own watch on abuse' },
  safety_identifier: { reason: 'tells OpenAI which user asks, for its own watch on abuse' },
  prompt_cache_key: { reason: 'helps OpenAI to find its cache' },
  prompt_cache_retention: { reason: 'how long OpenAI keeps its cache' },
  prompt_cache_options: { reason: 'how OpenAI uses its cache' },
  client_metadata: { reason: "tells OpenAI which installation of its CLI asks, for OpenAI's own books" },
};

/** What may be asked to be told beside the answer, where there is never anything to tell. */
export const harmlessIncludes: ReadonlySet<unknown> = new Set([
  'reasoning.encrypted_content',
  'web_search_call.action.sources',
  'code_interpreter_call.outputs',
  'file_search_call.results',
  'computer_call_output.output.image_url',
]);

export const harmlessReasoning: HarmlessMembers = {
  summary: { reason: 'what there is of it, which is nothing', values: ['auto'] },
  generate_summary: { reason: 'its older name', values: ['auto'] },
  context: { reason: 'of which earlier turns the thoughts count: another model is sent none' },
  mode: { reason: 'what a model does by itself', values: ['standard'] },
};

export const harmlessToolMembers: HarmlessMembers = {
  defer_loading: { reason: 'a model that is told of a tool at once can call it too', values: [false] },
};

/** What an item of an answer carries when it is sent back. */
export const harmlessItemMembers: HarmlessMembers = {
  id: { reason: 'the name it had in its response' },
  status: { reason: 'how far it was in its response' },
  parsed_arguments: { reason: 'what the SDK made of the arguments beside it' },
};

export const harmlessPartMembers: HarmlessMembers = {
  annotations: { reason: 'where a text quoted from: nowhere', values: [[]] },
  logprobs: { reason: 'how likely its tokens were: not told', values: [[]] },
  parsed: { reason: 'what the SDK made of the text beside it' },
};
