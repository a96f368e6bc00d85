import { ProviderError } from '../../core/errors.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import type { ResponseFormat, Tool, ToolChoice } from '../../core/run.ts';
import { toChatMessages } from './to-chat-messages.ts';

/**
 * A call → the body of `POST /chat/completions`. Members that are undefined stay out of the JSON. The wire has no `topK`;
 * the servers that would take one do not agree on how.
 */
export function toChatRequest(call: ProviderCall, tokenLimit: 'max_completion_tokens' | 'max_tokens'): object {
  if (call.topK !== undefined)
    throw new ProviderError('unsupported_parameter', 'the chat-completions wire has no topK', { parameter: 'topK' });
  return {
    model: call.model,
    messages: toChatMessages(call.instructions, call.messages),
    temperature: call.temperature,
    top_p: call.topP,
    [tokenLimit]: call.maxOutputTokens,
    stop: call.stop,
    seed: call.seed,
    presence_penalty: call.presencePenalty,
    frequency_penalty: call.frequencyPenalty,
    tools: call.tools?.map(toChatTool),
    tool_choice: toChatToolChoice(call.toolChoice),
    parallel_tool_calls: call.parallelToolCalls,
    reasoning_effort: call.reasoningEffort,
    verbosity: call.verbosity,
    response_format: toChatResponseFormat(call.responseFormat),
    ...(call.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

function toChatTool({ name, description, parameters, strict }: Tool): object {
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toChatToolChoice(choice: ToolChoice | undefined): string | object | undefined {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice;
}

function toChatResponseFormat(format: ResponseFormat | undefined): object | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json':
      return { type: 'json_object' };
    case 'json_schema': {
      const { name, description, schema, strict } = format;
      return { type: 'json_schema', json_schema: { name, description, schema, strict } };
    }
  }
}
