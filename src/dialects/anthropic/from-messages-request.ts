import type { IncomingHttpHeaders } from 'node:http';
import type { CompletionRequest } from '../../core/completion.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import { cacheOf } from '../cache-of.ts';
import { fromReasoningEffort } from '../from-reasoning-effort.ts';
import { refuseOthers } from '../refuse.ts';
import { withoutNulls } from '../without-nulls.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { fromMessages } from './from-messages.ts';
import { fromOutputFormat } from './from-output-format.ts';
import { fromSystem } from './from-system.ts';
import { fromToolChoice, fromTools } from './from-tools.ts';
import { harmlessMembers, messagesMembers } from './messages-members.ts';
import type { Schemas } from './schemas.ts';
import { refuseThinking } from './thinking.ts';

export type MessagesRequest = Schemas['MessagesRequest'];
export type CountTokensRequest = Schemas['CountTokensRequest'];

/** What the client sent, for either kind of provider. `body` has been held against the contract; `bytes` is what it was. */
export function fromMessagesRequest(
  body: MessagesRequest,
  source: { bytes: Buffer; headers: IncomingHttpHeaders },
): CompletionRequest {
  const user = body.metadata?.user_id;
  return {
    channel: 'api',
    model: body.model,
    stream: body.stream ?? false,
    original: {
      dialect: 'messages',
      body: source.bytes,
      // It comes with every stream of this wire.
      wantsUsage: true,
      headers: forwardedHeaders(source.headers),
    },
    toCall: () => toCall(body),
    maxOutputTokens: body.max_tokens,
    ...(user ? { metadata: { user_id: user } } : {}),
  };
}

/** Also for requests that are only counted, which name no limit. */
export function toCall(body: CountTokensRequest & Partial<MessagesRequest>): Omit<ProviderCall, 'model' | 'stream'> {
  refuseOthers(body, messagesMembers, harmlessMembers, '');
  if (body.metadata) refuseOthers(body.metadata, new Set(['user_id']), {}, '/metadata');
  refuseThinking(body);
  const { stop_sequences: stop, tools } = body;
  const { messages, instructions } = fromMessages(body.messages, fromSystem(body.system));
  const responseFormat = fromOutputFormat(body);
  return {
    messages,
    ...(instructions === undefined ? {} : { instructions }),
    ...withoutNulls({
      temperature: body.temperature,
      topP: body.top_p,
      topK: body.top_k,
      maxOutputTokens: body.max_tokens,
      reasoningEffort: fromReasoningEffort(body.output_config?.effort, '/output_config/effort'),
    }),
    ...(stop?.length ? { stop } : {}),
    ...(tools?.length ? { tools: fromTools(tools) } : {}),
    ...fromToolChoice(body.tool_choice),
    ...(responseFormat ? { responseFormat } : {}),
    ...cacheOf(
      [body],
      blocksOf(body.system),
      body.messages.flatMap(({ content }) => blocksOf(content)),
      tools,
    ),
  };
}

function blocksOf<Block>(said: string | readonly Block[] | null | undefined): readonly Block[] {
  return typeof said === 'string' ? [] : (said ?? []);
}
