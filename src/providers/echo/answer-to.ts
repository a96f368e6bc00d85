import { ProviderError } from '../../core/errors.ts';
import type { Part } from '../../core/message.ts';
import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { FinishReason, Tool, ToolChoice } from '../../core/run.ts';
import { instanceOfSchema } from './instance-of-schema.ts';
import { graphemesOf } from './segments.ts';

export interface EchoAnswer {
  events: ProviderEvent[];
  reason: FinishReason;
}

const NOTHING_SAID = 'Nothing was said, so there is nothing to echo.';

/** A call → the whole answer: the tool that the request forces, or else the last message's text. */
export function answerTo(call: ProviderCall): EchoAnswer {
  const tool = forcedTool(call);
  // The place in the conversation makes the id the only one of its kind there.
  const id = `call_echo_${call.messages.length}`;
  if (tool !== undefined)
    return {
      events: [{ type: 'tool_call', index: 0, id, name: tool.name, arguments: argumentsFor(tool, said(call)) }],
      reason: 'tool_calls',
    };
  const whole = atStop(formatted(said(call), call), call.stop);
  const text = atLimit(whole, call.maxOutputTokens);
  return { events: text === '' ? [] : [{ type: 'text', text }], reason: text === whole ? 'stop' : 'length' };
}

function forcedTool({ tools = [], toolChoice }: ProviderCall): Tool | undefined {
  const name = nameOf(toolChoice, tools[0]?.name);
  if (name === undefined) return undefined;
  const tool = tools.find((one) => one.name === name);
  if (tool) return tool;
  throw new ProviderError('invalid_request', 'the forced tool is not among the tools');
}

/** As its schema wants them; none where only a search would find some. */
function argumentsFor({ parameters }: Tool, text: string): string {
  try {
    return JSON.stringify(instanceOfSchema({ type: 'object', ...parameters }, text));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return '{}';
  }
}

function nameOf(choice: ToolChoice | undefined, first: string | undefined): string | undefined {
  if (typeof choice === 'object') return choice.name;
  return choice === 'required' ? (first ?? '') : undefined;
}

function said({ messages }: ProviderCall): string {
  const parts = messages.findLast((message) => message.role === 'user')?.parts ?? [];
  return parts.map(wordsOf).filter(Boolean).join('\n');
}

function wordsOf(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return '[image]';
    case 'tool_result':
      return [part.content, ...(part.images ?? []).map(wordsOf)].filter(Boolean).join('\n');
    case 'tool_call':
      return '';
  }
}

function formatted(text: string, { responseFormat }: ProviderCall): string {
  switch (responseFormat?.type) {
    case undefined:
    case 'text':
      return twoAtLeast(text.trim() === '' ? NOTHING_SAID : text);
    case 'json':
      return JSON.stringify({ echo: text });
    case 'json_schema':
      return JSON.stringify(instanceOfSchema(responseFormat.schema, text));
  }
}

/** A single character cannot be streamed in two chunks, which is what makes a stream one: it gets a full stop. */
function twoAtLeast(text: string): string {
  return graphemesOf(text).containing(0)?.segment.length === text.length ? `${text}.` : text;
}

function atStop(text: string, stops: readonly string[] = []): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((end) => end !== -1);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

/** Four bytes to the token, as the usage counts them. */
function atLimit(text: string, maxOutputTokens: number | undefined): string {
  if (maxOutputTokens === undefined || Buffer.byteLength(text) <= maxOutputTokens * 4) return text;
  let end = 0;
  let bytes = 0;
  for (const { segment } of graphemesOf(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxOutputTokens * 4) break;
    end += segment.length;
  }
  return text.slice(0, end);
}
