import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import { ProviderError } from '../../core/errors.ts';
import type { ImagePart } from '../../core/message.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import type { ResponseFormat, Tool, ToolChoice } from '../../core/run.ts';
import { isObject } from '../wire/json-shape.ts';
import { type PromptMessage, toPrompt } from './to-prompt.ts';

type Schema = LanguageModelV4FunctionTool['inputSchema'];

/** What the versions of the interface have in common, but for a file. */
export interface CallOptions<File> extends Sampling {
  prompt: PromptMessage<File>[];
  tools?: FunctionTool[];
  toolChoice?: LanguageModelV4ToolChoice;
  responseFormat?: { type: 'json'; schema?: Schema; name?: string; description?: string };
}

type Sampling = Pick<
  LanguageModelV4CallOptions,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'maxOutputTokens'
  | 'seed'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'stopSequences'
  | 'reasoning'
>;

interface FunctionTool {
  type: 'function';
  name: string;
  description?: string;
  inputSchema: Schema;
  strict?: boolean;
}

/**
 * A call → the options of the interface. What it has no word for is refused by name here, what the vendor lacks is told
 * in the package's warnings (see `from-warnings.ts`).
 */
export function toCallOptions<File>(call: ProviderCall, toFile: (image: ImagePart) => File): CallOptions<File> {
  if (call.parallelToolCalls === false && call.tools?.length)
    throw new ProviderError('unsupported_parameter', 'the interface cannot ask for one tool at a time', {
      parameter: 'parallelToolCalls',
    });
  const responseFormat = toResponseFormat(call.responseFormat);
  return {
    prompt: toPrompt(call.instructions, call.messages, toFile),
    ...toSampling(call),
    ...(call.tools?.length ? { tools: call.tools.map(toFunctionTool) } : {}),
    ...(call.toolChoice === undefined ? {} : { toolChoice: toToolChoice(call.toolChoice) }),
    ...(responseFormat === undefined ? {} : { responseFormat }),
  };
}

/** Without those that are absent: a package may take an undefined one for a wish. */
function toSampling(call: ProviderCall): Sampling {
  const sampling: Sampling = {};
  if (call.temperature !== undefined) sampling.temperature = call.temperature;
  if (call.topP !== undefined) sampling.topP = call.topP;
  if (call.topK !== undefined) sampling.topK = call.topK;
  if (call.maxOutputTokens !== undefined) sampling.maxOutputTokens = call.maxOutputTokens;
  if (call.seed !== undefined) sampling.seed = call.seed;
  if (call.presencePenalty !== undefined) sampling.presencePenalty = call.presencePenalty;
  if (call.frequencyPenalty !== undefined) sampling.frequencyPenalty = call.frequencyPenalty;
  if (call.stop?.length) sampling.stopSequences = [...call.stop];
  if (call.reasoningEffort !== undefined) sampling.reasoning = call.reasoningEffort;
  return sampling;
}

function toFunctionTool({ name, description, parameters, strict }: Tool): FunctionTool {
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    // Vendors demand the type, which a schema of no arguments may leave out.
    inputSchema: toSchema({ type: 'object', ...parameters }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function toToolChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === 'object' ? { type: 'tool', toolName: choice.name } : { type: choice };
}

/** Whether a schema is held to strictly is the vendor's own business: the interface has no word for it. */
function toResponseFormat(format: ResponseFormat | undefined): CallOptions<never>['responseFormat'] {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json':
      return { type: 'json' };
    case 'json_schema': {
      const { name, description, schema } = format;
      return { type: 'json', name, schema: toSchema(schema), ...(description === undefined ? {} : { description }) };
    }
  }
}

function toSchema(schema: object): Schema {
  if (isSchema(schema)) return schema;
  throw new ProviderError('invalid_request', 'a schema is no object');
}

/** Any JSON object is a schema; what it says is for the vendor to judge. */
function isSchema(value: object): value is Schema {
  return isObject(value);
}
