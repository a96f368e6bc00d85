import type { ProviderCall } from '../../core/ports/provider.ts';
import type { Tool, ToolChoice } from '../../core/run.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { harmlessToolMembers } from './messages-members.ts';
import type { Schemas } from './schemas.ts';

const members = new Set(['type', 'name', 'description', 'input_schema', 'strict']);

/** Tools of the program's own; those that Anthropic runs itself nobody else has. */
export function fromTools(tools: readonly Schemas['Tool'][]): Tool[] {
  return tools.map((tool, index) => {
    const pointer = `/tools/${index}`;
    if (tool.type && tool.type !== 'custom') throw unsupported(`${pointer}/type`);
    refuseOthers(tool, members, harmlessToolMembers, pointer);
    const { name, description, input_schema: parameters, strict } = tool;
    if (!parameters) throw invalid(`${pointer}/input_schema`, 'must be there');
    return {
      name,
      ...(description ? { description } : {}),
      parameters,
      ...(typeof strict === 'boolean' ? { strict } : {}),
    };
  });
}

/** Whether tools may be called at once is said with the choice. */
export function fromToolChoice(
  choice: Schemas['ToolChoice'] | undefined,
): Pick<ProviderCall, 'toolChoice' | 'parallelToolCalls'> {
  if (!choice) return {};
  refuseOthers(choice, new Set(['type', 'name', 'disable_parallel_tool_use']), {}, '/tool_choice');
  const { disable_parallel_tool_use: oneAtATime } = choice;
  return {
    toolChoice: chosen(choice),
    ...(typeof oneAtATime === 'boolean' ? { parallelToolCalls: !oneAtATime } : {}),
  };
}

function chosen({ type, name }: NonNullable<Schemas['ToolChoice']>): ToolChoice {
  switch (type) {
    case 'auto':
    case 'none':
      return type;
    case 'any':
      return 'required';
    case 'tool':
      if (!name) throw invalid('/tool_choice/name', 'must name a tool');
      return { name };
    default:
      throw invalid('/tool_choice/type', 'must be auto, any, tool or none');
  }
}
