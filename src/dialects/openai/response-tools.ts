/**
 * Tools of a response that are more than functions, as functions: those of a namespace under a name that tells of both,
 * and custom ones, which are given one text, with that text as their only argument. Calls go back the same way.
 */
import type { Schemas } from './schemas.ts';

type ResponseTool = Schemas['ResponseTool'];

/** What the client calls a tool. */
export interface ClientTool {
  type: 'function' | 'custom';
  name: string;
  namespace?: string;
}

/** The client's tools by the names of our functions. */
export type ClientTools = ReadonlyMap<string, ClientTool>;

export function functionName(name: string, namespace: string | null | undefined): string {
  return namespace ? `${namespace}__${name}` : name;
}

interface PlacedTool {
  tool: ResponseTool;
  /** Where it stands in the request. */
  pointer: string;
  namespace: string | undefined;
}

/** All tools of a request, those of a namespace behind it, and those that come in the middle of its conversation last. */
export function* toolsIn({ tools, input }: Schemas['ResponseRequest']): Generator<PlacedTool> {
  yield* toolsOf(tools ?? [], '/tools');
  if (!Array.isArray(input)) return;
  for (const [index, item] of input.entries()) yield* toolsOf(item.tools ?? [], `/input/${index}/tools`);
}

function* toolsOf(tools: readonly ResponseTool[], place: string, namespace?: string): Generator<PlacedTool> {
  for (const [index, tool] of tools.entries()) {
    const pointer = `${place}/${index}`;
    yield { tool, pointer, namespace };
    if (tool.type === 'namespace' && namespace === undefined)
      yield* toolsOf(tool.tools ?? [], `${pointer}/tools`, tool.name);
  }
}

/** Refuses nothing: what cannot be a function has been refused, or has gone to a provider that knows it. */
export function clientTools(body: Schemas['ResponseRequest']): ClientTools {
  const known = new Map<string, ClientTool>();
  for (const { tool, namespace } of toolsIn(body)) {
    const { type, name } = tool;
    if ((type !== 'function' && type !== 'custom') || name === undefined) continue;
    known.set(functionName(name, namespace), { type, name, ...(namespace === undefined ? {} : { namespace }) });
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

/** A custom tool's text as what its function is called with. */
export function toArguments(input: string): string {
  return JSON.stringify({ [only]: input });
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
