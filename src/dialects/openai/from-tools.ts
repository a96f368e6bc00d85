import type { Tool, ToolChoice } from '../../core/run.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { harmlessChatToolMembers } from './chat-members.ts';
import { harmlessToolMembers } from './response-members.ts';
import { functionName, toolsIn, toParameters } from './response-tools.ts';
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

export function fromResponseTools(body: Schemas['ResponseRequest']): Tool[] {
  const tools: Tool[] = [];
  for (const { tool, pointer, namespace } of toolsIn(body)) {
    const { type, name } = tool;
    const isOuter = type === 'namespace' && namespace === undefined;
    if (type !== 'function' && type !== 'custom' && !isOuter) throw unsupported(`${pointer}/type`);
    refuseOthers(tool, toolMembers[type], isOuter ? {} : harmlessToolMembers, pointer);
    if (name === undefined) throw invalid(`${pointer}/name`, 'must be there');
    if (isOuter) continue;
    const given = type === 'custom' ? { ...tool, parameters: toParameters(tool) } : tool;
    tools.push(toTool({ ...given, name: functionName(name, namespace) }, pointer));
  }
  return tools;
}

const toolMembers: Readonly<Record<'function' | 'custom' | 'namespace', ReadonlySet<string>>> = {
  function: new Set(['type', ...functionMembers]),
  custom: new Set(['type', 'name', 'description', 'format']),
  namespace: new Set(['type', 'name', 'description', 'tools']),
};

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
