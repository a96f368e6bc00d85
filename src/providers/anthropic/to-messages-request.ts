import { ProviderError } from '../../core/errors.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import type { ResponseFormat, Tool, ToolChoice } from '../../core/run.ts';
import { toMessages } from './to-messages.ts';

/**
 * A call → the body of `POST /messages`. Members that are undefined stay out of the JSON. What the wire cannot do is
 * refused by name, so that another provider can be asked and nothing is left out unseen.
 */
export function toMessagesRequest(call: ProviderCall, defaultMaxOutputTokens: number): object {
  if (call.seed !== undefined) throw unsupported('seed');
  // Others go to 2.
  if (call.temperature !== undefined && call.temperature > 1) throw unsupported('temperature');
  return {
    model: call.model,
    max_tokens: call.maxOutputTokens ?? defaultMaxOutputTokens,
    system: call.instructions === '' ? undefined : call.instructions,
    messages: toMessages(call.messages),
    temperature: call.temperature,
    top_p: call.topP,
    stop_sequences: call.stop,
    tools: call.tools?.map(toMessagesTool),
    tool_choice: toMessagesToolChoice(call.toolChoice),
    output_config: toOutputConfig(call.responseFormat),
    ...(call.stream ? { stream: true } : {}),
  };
}

function toMessagesTool({ name, description, parameters }: Tool): object {
  // The wire demands the type, which a schema of no arguments may leave out.
  return { name, description, input_schema: { type: 'object', ...parameters } };
}

function toMessagesToolChoice(choice: ToolChoice | undefined): object | undefined {
  if (choice === undefined) return undefined;
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

/** A schema is what the wire supports, and always strictly; "any JSON" without one is nothing it can promise. */
function toOutputConfig(format: ResponseFormat | undefined): object | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json':
      throw unsupported('responseFormat');
    case 'json_schema':
      return { format: { type: 'json_schema', schema: format.schema } };
  }
}

function unsupported(parameter: string): ProviderError {
  return new ProviderError('unsupported_parameter', `the messages wire has no ${parameter} such as this`, {
    parameter,
  });
}
