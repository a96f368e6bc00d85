/**
 * Tools of a response that are more than functions, as functions: those of a namespace under a name that tells of both,
 * and custom ones, which are given one text, with that text as their only argument. Calls go back the same way.
 */
import type { ToolCallPart } from '../../core/message.ts';
import { invalid, refuseOthers } from '../refuse.ts';
import { harmlessItemMembers } from './response-members.ts';
import type { Schemas } from './schemas.ts';

type Item = Schemas['ResponseInputItem'];
type ResponseTool = Schemas['ResponseTool'];

/** What the client calls a tool. */
export interface ClientTool {
  type: 'function' | 'custom';
  name: string;
  namespace?: string;
}

/** The client's tools by the names of our functions. */
export type ClientTools = ReadonlyMap<string, ClientTool>;

export function functionName({ name, namespace }: Pick<ClientTool, 'name' | 'namespace'>): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** Refuses nothing: what cannot be a function has been refused, or has gone to a provider that knows it. */
export function clientTools({ tools, input }: Schemas['ResponseRequest']): ClientTools {
  const known = new Map<string, ClientTool>();
  const add = ({ type, name }: ResponseTool, namespace?: string): void => {
    if ((type !== 'function' && type !== 'custom') || name === undefined) return;
    const tool: ClientTool = { type, name, ...(namespace === undefined ? {} : { namespace }) };
    known.set(functionName(tool), tool);
  };
  const added = Array.isArray(input) ? input.flatMap((item) => item.tools ?? []) : [];
  for (const tool of [...(tools ?? []), ...added]) {
    if (tool.type !== 'namespace') add(tool);
    else for (const inner of tool.tools ?? []) add(inner, tool.name);
  }
  return known;
}

/** A model may call what nobody gave it. */
export function clientTool(name: string, tools: ClientTools): ClientTool {
  return tools.get(name) ?? { type: 'function', name };
}

/** The text that a custom tool is given. */
const only = 'input';

/** The grammar of a custom tool's text is told to the model in words; the tool itself refuses what does not keep to it. */
export function toParameters({ format }: ResponseTool): Record<string, unknown> {
  const grammar =
    format?.type === 'grammar' ? `Keeps to this ${format.syntax ?? ''} grammar:\n${format.definition}` : undefined;
  return {
    type: 'object',
    properties: { [only]: { type: 'string', ...(grammar === undefined ? {} : { description: grammar }) } },
    required: [only],
    additionalProperties: false,
  };
}

export function fromCustomCall(item: Item, pointer: string): ToolCallPart {
  refuseOthers(item, new Set(['type', 'call_id', 'name', 'namespace', 'input']), harmlessItemMembers, pointer);
  const { call_id: id, name, namespace, input } = item;
  if (!id) throw invalid(`${pointer}/call_id`, 'must be there');
  if (!name) throw invalid(`${pointer}/name`, 'must be there');
  if (typeof input !== 'string') throw invalid(`${pointer}/input`, 'must be there');
  return {
    type: 'tool_call',
    id,
    name: functionName({ name, ...(namespace ? { namespace } : {}) }),
    arguments: JSON.stringify({ [only]: input }),
  };
}

/** What a model wrote for a custom tool; as it is, where it is not what was asked for. */
export function inputOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && only in value && typeof value[only] === 'string')
      return value[only];
  } catch {}
  return text;
}
