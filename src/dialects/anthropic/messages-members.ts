/** The members of a request, and what of them says nothing that another provider would have to hear. */
import type { HarmlessMembers } from '../refuse.ts';

/** Put into our words, in `from-messages-request.ts`. */
export const messagesMembers: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'output_config',
  'output_format',
  'thinking',
  'context_management',
  'metadata',
]);

/** Read by `cacheOf`. */
const cacheControl = { cache_control: { reason: 'a hint for a cache, given to who has one' } };

export const harmlessMembers: HarmlessMembers = {
  ...cacheControl,
  service_tier: { reason: 'leaves it to the account', values: ['auto', 'standard_only'] },
};

/** Of blocks. What an SDK leaves in one when it sends an answer back is harmless. */
export const harmlessBlockMembers: HarmlessMembers = {
  ...cacheControl,
  citations: { reason: 'quotes nothing', values: [[]] },
  caller: { reason: 'the model itself, which is who calls', values: [{ type: 'direct' }] },
};

export const harmlessToolMembers: HarmlessMembers = {
  ...cacheControl,
  defer_loading: { reason: 'the tool is there from the start', values: [false] },
  eager_input_streaming: { reason: 'how large the pieces are in which arguments come' },
  allowed_callers: { reason: 'the model itself, which is who calls', values: [['direct']] },
};
