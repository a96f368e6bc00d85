import type { IncomingHttpHeaders } from 'node:http';
import type { CompletionRequest } from '../../core/completion.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import type { ChatRequest, ReasoningEffort } from '../../core/run.ts';
import { fromReasoningEffort } from '../from-reasoning-effort.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { withoutNulls } from '../without-nulls.ts';
import { runOfResponse } from './answer-ids.ts';
import { harmlessStreamOptions } from './chat-members.ts';
import type { Conversation } from './conversation.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { fromResponseFormat } from './from-response-format.ts';
import { type FindItem, fromResponseItems, referencesIn } from './from-response-items.ts';
import { fromResponseToolChoice, fromResponseTools } from './from-tools.ts';
import { fromVerbosity } from './from-verbosity.ts';
import { harmlessIncludes, harmlessReasoning, harmlessResponseMembers, responseMembers } from './response-members.ts';
import type { Schemas } from './schemas.ts';

export type ResponseRequest = Schemas['ResponseRequest'];

/** A response that is to be kept is a turn of a session, one that is not is a completion. Absent means kept. */
export function isStored({ store }: ResponseRequest): boolean {
  return store ?? true;
}

export function toTurn(body: ResponseRequest, find: FindItem): ChatRequest {
  const { messages, instructions, ...call } = callOf(body, find);
  const [last] = messages.slice(-1);
  if (!last) throw invalid('/input', 'must be there');
  return {
    ...call,
    ...withoutNulls({ model: body.model, instructions, metadata: body.metadata }),
    channel: 'api',
    before: messages.slice(0, -1),
    input: last.parts,
    stream: body.stream ?? false,
    ...(body.previous_response_id ? { previousRunId: previousRun(body.previous_response_id) } : {}),
  };
}

/** `source` is what `body` was, for a provider that has responses too. */
export function toCompletion(
  body: ResponseRequest,
  source: { bytes: Buffer; headers: IncomingHttpHeaders },
  find: FindItem,
  defaultModel: string,
): CompletionRequest {
  // What is not kept has no place where it could go on.
  if (body.previous_response_id) throw unsupported('/previous_response_id');
  // Items of responses that are kept here nobody else knows.
  const isWhole = Boolean(body.model) && referencesIn(body.input).length === 0;
  const original = {
    dialect: 'responses' as const,
    body: source.bytes,
    // It comes with the end of every response.
    wantsUsage: true,
    headers: forwardedHeaders(source.headers),
  };
  return {
    channel: 'api',
    model: body.model ?? defaultModel,
    stream: body.stream ?? false,
    ...(isWhole ? { original } : {}),
    toCall: () => callOf(body, find),
    ...withoutNulls({ maxOutputTokens: body.max_output_tokens, metadata: body.metadata }),
  };
}

type Call = Omit<ProviderCall, 'model' | 'stream' | 'messages' | 'tools' | 'stop'> &
  Conversation &
  Pick<ChatRequest, 'tools'>;

function callOf(body: ResponseRequest, find: FindItem): Call {
  refuseOthers(body, responseMembers, harmlessResponseMembers, '');
  if (body.stream_options) refuseOptions(body.stream_options);
  if (body.include) refuseIncludes(body.include);
  const conversation = conversationOf(body, find);
  const instructions = [body.instructions, conversation.instructions].filter(Boolean).join('\n\n');
  const tools = fromResponseTools(body);
  return {
    messages: conversation.messages,
    ...(instructions === '' ? {} : { instructions }),
    ...withoutNulls({
      temperature: body.temperature,
      topP: body.top_p,
      maxOutputTokens: body.max_output_tokens,
      parallelToolCalls: body.parallel_tool_calls,
      reasoningEffort: effortOf(body),
      verbosity: fromVerbosity(body.text?.verbosity, '/text/verbosity'),
    }),
    ...(tools.length > 0 ? { tools } : {}),
    ...(body.tool_choice ? { toolChoice: fromResponseToolChoice(body.tool_choice) } : {}),
    ...formatOf(body),
  };
}

function conversationOf({ input }: ResponseRequest, find: FindItem): Conversation {
  if (typeof input === 'string') return { messages: [{ role: 'user', parts: [{ type: 'text', text: input }] }] };
  if (!input) throw invalid('/input', 'must be there');
  return fromResponseItems(input, find);
}

function formatOf({ text }: ResponseRequest): Pick<Call, 'responseFormat'> {
  if (!text) return {};
  refuseOthers(text, new Set(['format', 'verbosity']), {}, '/text');
  const { format } = text;
  return format ? { responseFormat: fromResponseFormat(format.type, format, '/text/format', '/text/format') } : {};
}

function refuseOptions(options: object): void {
  refuseOthers(options, new Set(), harmlessStreamOptions, '/stream_options');
}

function effortOf({ reasoning }: ResponseRequest): ReasoningEffort | undefined {
  if (!reasoning) return undefined;
  refuseOthers(reasoning, new Set(['effort']), harmlessReasoning, '/reasoning');
  return fromReasoningEffort(reasoning.effort, '/reasoning/effort');
}

function refuseIncludes(include: readonly unknown[]): void {
  const asked = include.findIndex((name) => !harmlessIncludes.has(name));
  if (asked !== -1) throw unsupported(`/include/${asked}`);
}

function previousRun(id: string): string {
  const run = runOfResponse(id);
  if (run === undefined) throw previousNotFound(id);
  return run;
}

export function previousNotFound(id: string): GatewayError {
  return new GatewayError('NOT_FOUND', `There is no response ${id}, or what was said in it is not kept any more.`, {
    faults: [{ pointer: '/previous_response_id', message: 'must name a stored response' }],
  });
}

/** A result that answers no open call, at its place in the client's input; undefined when the error is another one. */
export function strayOutput(
  { faults = [] }: GatewayError,
  { input }: ResponseRequest,
  turn: ChatRequest,
): GatewayError | undefined {
  const index = /^\/input\/(\d+)\/toolCallId$/.exec(faults[0]?.pointer ?? '')?.[1];
  const part = turn.input[Number(index)];
  if (part?.type !== 'tool_result' || !Array.isArray(input)) return undefined;
  const place = input.findLastIndex(({ call_id: id }) => id === part.toolCallId);
  return invalid(`/input/${place}/call_id`, 'must name a call of the answer before it');
}
