import type { Tool, ToolChoice } from '../../core/run.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { harmlessChatToolMembers } from './chat-members.ts';
import { harmlessToolMembers } from './response-members.ts';
import { functionName, toParameters } from './response-tools.ts';
import type { Schemas } from './schemas.ts';

/** Both of OpenAI's APIs know functions; one of them keeps what is said of a function in an object of its own. */
export interface FunctionTool {
  name: string;
  description?: string | null;
  parameters?: Record<string, unknown> | null;
  strict?: boolean | null;
}

const functionMembers = ['name', 'description', 'parameters', 'strict'];

export function fromChatTools(tools: readonly Schemas['ChatTool'][]): Tool[] {
  return tools.map((tool, index) => {
    const pointer = `/tools/${index}`;
    if (tool.type !== 'function') throw unsupported(`${pointer}/type`);
    refuseOthers(tool, new Set(['type', 'function']), harmlessChatToolMembers, pointer);
    if (!tool.function) throw invalid(`${pointer}/function`, 'must be there');
    refuseOthers(tool.function, new Set(functionMembers), {}, `${pointer}/function`);
    return toTool(tool.function, `${pointer}/function`);
  });
}

/** Those of a namespace stand under its name. `pointer` is where the list stands in the request. */
export function fromResponseTools(
  tools: readonly Schemas['ResponseTool'][],
  pointer: string,
  namespace?: string,
): Tool[] {
  return tools.flatMap((tool, index) => fromResponseTool(tool, `${pointer}/${index}`, namespace));
}

function fromResponseTool(tool: Schemas['ResponseTool'], pointer: string, namespace: string | undefined): Tool[] {
  const { type, name, description } = tool;
  const isInside = namespace !== undefined;
  if (type !== 'function' && type !== 'custom' && (type !== 'namespace' || isInside))
    throw unsupported(`${pointer}/type`);
  if (name === undefined) throw invalid(`${pointer}/name`, 'must be there');
  if (type === 'namespace') {
    refuseOthers(tool, new Set(['type', 'name', 'description', 'tools']), {}, pointer);
    return fromResponseTools(tool.tools ?? [], `${pointer}/tools`, name);
  }
  const own = functionName({ name, ...(isInside ? { namespace } : {}) });
  if (type === 'custom') {
    refuseOthers(tool, new Set(['type', 'name', 'description', 'format']), harmlessToolMembers, pointer);
    return [toTool({ name: own, ...(description ? { description } : {}), parameters: toParameters(tool) }, pointer)];
  }
  refuseOthers(tool, new Set(['type', ...functionMembers]), harmlessToolMembers, pointer);
  return [toTool({ ...tool, name: own }, pointer)];
}

/** Functions without parameters take none. */
function toTool({ name, description, parameters, strict }: FunctionTool, pointer: string): Tool {
  if (!toolName.test(name)) throw invalid(`${pointer}/name`, 'must be of at most 64 letters, digits, _ and -');
  return {
    name,
    ...(description ? { description } : {}),
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(typeof strict === 'boolean' ? { strict } : {}),
  };
}

const toolName = /^[A-Za-z0-9_-]{1,64}$/;

/** `{type: 'function', function: {name}}` in a chat completion, `{type: 'function', name}` in a response. */
export function fromToolChoice(choice: string | Record<string, unknown>): ToolChoice {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  if (typeof choice === 'string') throw invalid('/tool_choice', 'must be auto, none, required or a function');
  if (choice.type !== 'function') throw unsupported('/tool_choice/type');
  refuseOthers(choice, new Set(['type', 'function', 'name']), {}, '/tool_choice');
  const named: unknown = choice.function ?? choice;
  const name: unknown = typeof named === 'object' && named !== null && 'name' in named ? named.name : undefined;
  if (typeof name !== 'string' || name === '') throw invalid('/tool_choice', 'must name a function');
  return { name };
}

/** A custom tool is a function of ours, by the same name. */
export function fromResponseToolChoice(choice: string | Record<string, unknown>): ToolChoice {
  return fromToolChoice(
    typeof choice === 'object' && choice.type === 'custom' ? { ...choice, type: 'function' } : choice,
  );
}
