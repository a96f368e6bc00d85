import { ProviderError } from '../../core/errors.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import type { ReasoningEffort, ResponseFormat, Tool } from '../../core/run.ts';
import { toMessages } from './to-messages.ts';

/**
 * A call → the body of `POST /messages`. Members that are undefined stay out of the JSON. What the wire cannot do is
 * refused by name, so that another provider can be asked and nothing is left out unseen.
 */
export function toMessagesRequest(call: ProviderCall, defaultMaxOutputTokens: number): object {
  if (call.seed !== undefined) throw unsupported('seed');
  // Others go to 2.
  if (call.temperature !== undefined && call.temperature > 1) throw unsupported('temperature');
  // None is what the wire has anyway.
  if (call.presencePenalty) throw unsupported('presencePenalty');
  if (call.frequencyPenalty) throw unsupported('frequencyPenalty');
  // Of what is said apart from what is thought the wire has no word.
  if (call.verbosity) throw unsupported('verbosity');
  return {
    model: call.model,
    max_tokens: call.maxOutputTokens ?? defaultMaxOutputTokens,
    system: call.instructions === '' ? undefined : call.instructions,
    messages: toMessages(call.messages, call.cache),
    temperature: call.temperature,
    top_p: call.topP,
    top_k: call.topK,
    stop_sequences: call.stop,
    tools: call.tools?.map(toMessagesTool),
    tool_choice: toMessagesToolChoice(call),
    output_config: toOutputConfig(call),
    ...(call.stream ? { stream: true } : {}),
  };
}

function toMessagesTool({ name, description, parameters, strict }: Tool): object {
  // The wire demands the type, which a schema of no arguments may leave out.
  return { name, description, input_schema: { type: 'object', ...parameters }, strict };
}

function toMessagesToolChoice({ toolChoice, tools, parallelToolCalls }: ProviderCall): object | undefined {
  // One tool at a time is said with the choice, and there is nothing to say it of without tools.
  const oneAtATime = parallelToolCalls === false && tools?.length ? { disable_parallel_tool_use: true } : {};
  if (toolChoice === 'none') return { type: 'none' };
  if (toolChoice === undefined)
    return 'disable_parallel_tool_use' in oneAtATime ? { type: 'auto', ...oneAtATime } : undefined;
  if (typeof toolChoice === 'object') return { type: 'tool', name: toolChoice.name, ...oneAtATime };
  return { type: toolChoice === 'required' ? 'any' : toolChoice, ...oneAtATime };
}

function toOutputConfig({ reasoningEffort, responseFormat }: ProviderCall): object | undefined {
  const effort = toEffort(reasoningEffort);
  const format = toOutputFormat(responseFormat);
  return effort === undefined && format === undefined ? undefined : { effort, format };
}

/** The wire has no word for thinking less than a little, and which of its words a model knows is the model's business. */
function toEffort(effort: ReasoningEffort | undefined): string | undefined {
  if (effort === 'none' || effort === 'minimal') throw unsupported('reasoningEffort');
  return effort;
}

/** A schema is what the wire supports, and always strictly; "any JSON" without one is nothing it can promise. */
function toOutputFormat(format: ResponseFormat | undefined): object | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json':
      throw unsupported('responseFormat');
    case 'json_schema':
      return { type: 'json_schema', schema: withDescription(format) };
  }
}

/** What the schema is for has no place but the schema. */
function withDescription({ schema, description }: Extract<ResponseFormat, { type: 'json_schema' }>): object {
  return description === undefined ? schema : { description, ...schema };
}

function unsupported(parameter: string): ProviderError {
  return new ProviderError('unsupported_parameter', `the messages wire has no ${parameter} such as this`, {
    parameter,
  });
}
