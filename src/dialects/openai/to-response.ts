import type { Part } from '../../core/message.ts';
import type { FinishReason, Run, RunError } from '../../core/run.ts';
import type { Usage } from '../../core/usage.ts';
import { callItemId, messageItemId, responseId } from './answer-ids.ts';
import { isStored, type ResponseRequest } from './from-response-request.ts';
import { type ClientTool, type ClientTools, clientTool, clientTools, inputOf } from './response-tools.ts';
import type { Schemas } from './schemas.ts';

export type Response = Schemas['Response'];
export type OutputItem = Schemas['ResponseOutputItem'];
export type ItemStatus = Schemas['ResponseItemStatus'];

/** A run that has ended, and what was said in it → the body of a response. */
export function toResponse(run: Run, parts: readonly Part[], body: ResponseRequest): Response {
  const last = itemStatus(run.finishReason);
  return endedResponse(run, toOutput(run.id, parts, last, clientTools(body)), body);
}

export function endedResponse(run: Run, output: OutputItem[], body: ResponseRequest): Response {
  const reason = incompleteReasons[run.finishReason ?? 'stop'];
  return {
    ...responseOf(run, output, body),
    status: reason ? 'incomplete' : 'completed',
    incomplete_details: reason ? { reason } : null,
    ...(run.endedAt === undefined ? {} : { completed_at: Math.floor(run.endedAt / 1000) }),
    ...(run.usage ? { usage: toResponseUsage(run.usage) } : {}),
  };
}

export function failedResponse(run: Run, error: RunError, output: OutputItem[], body: ResponseRequest): Response {
  const { code, message } = error;
  return {
    ...responseOf(run, output, body),
    status: 'failed',
    error: { code: errorCodes[code] ?? 'server_error', message },
  };
}

/** A response that goes on; what was asked for is said again in each. */
export function responseOf(run: Run, output: OutputItem[], body: ResponseRequest): Response {
  return {
    id: responseId(run.id),
    object: 'response',
    created_at: Math.floor(run.createdAt / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: run.model,
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    ...(body.reasoning ? { reasoning: { effort: body.reasoning.effort ?? null, summary: null } } : {}),
    store: isStored(body),
    temperature: body.temperature ?? null,
    text: {
      format: body.text?.format ?? { type: 'text' },
      ...(body.text?.verbosity ? { verbosity: body.text.verbosity } : {}),
    },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? null,
    truncation: 'disabled',
  };
}

const incompleteReasons: { readonly [Reason in FinishReason]?: 'max_output_tokens' | 'content_filter' } = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

/** How far the last item of an answer is. */
export function itemStatus(reason: FinishReason | undefined): ItemStatus {
  return incompleteReasons[reason ?? 'stop'] ? 'incomplete' : 'completed';
}

const errorCodes: { readonly [Code in RunError['code']]?: 'rate_limit_exceeded' | 'invalid_prompt' } = {
  RATE_LIMITED: 'rate_limit_exceeded',
  BUDGET_EXCEEDED: 'rate_limit_exceeded',
  INVALID_REQUEST: 'invalid_prompt',
  CONTEXT_TOO_LONG: 'invalid_prompt',
};

function toOutput(runId: string, parts: readonly Part[], lastStatus: ItemStatus, tools: ClientTools): OutputItem[] {
  let messages = 0;
  let calls = 0;
  return parts.flatMap((part, index): OutputItem[] => {
    const status = index === parts.length - 1 ? lastStatus : 'completed';
    if (part.type === 'text') return [toMessageItem(messageItemId(runId, messages++), status, part.text)];
    if (part.type !== 'tool_call') return [];
    const tool = clientTool(part.name, tools);
    return [toCallItem(callItemId(runId, calls++, tool.type), tool, status, part)];
  });
}

export function toMessageItem(id: string, status: ItemStatus, text: string): Schemas['ResponseMessage'] {
  return { id, type: 'message', role: 'assistant', status, content: [toOutputText(text)] };
}

export function toOutputText(text: string): Schemas['ResponseOutputText'] {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export type CallItem = Schemas['ResponseFunctionCall'] | Schemas['ResponseCustomToolCall'];

export function toCallItem(
  id: string,
  { type, ...name }: ClientTool,
  status: ItemStatus,
  call: { id: string; arguments: string },
): CallItem {
  if (type === 'custom')
    return { id, type: 'custom_tool_call', status, call_id: call.id, ...name, input: inputOf(call.arguments) };
  return { id, type: 'function_call', status, call_id: call.id, ...name, arguments: call.arguments };
}

function toResponseUsage(usage: Usage): Schemas['ResponseUsage'] {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.totalTokens,
  };
}
