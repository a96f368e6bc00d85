import type { FinishReason } from '../../core/run.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { Finish } from '../wire/dialect.ts';
import { isObject, type JsonObject, listIn, objectIn, textIn } from '../wire/json-shape.ts';
import { isChatError } from './from-error.ts';
import { fromResponseUsage } from './from-usage.ts';

/** Why a response ended, and what it cost. Throws a `BadAnswer` for one that failed, or is none. */
export function fromEndedResponse(response: JsonObject): Finish {
  if (isChatError(response)) throw new Reported(response);
  if (!Array.isArray(response.output)) throw new Malformed('no response with an output');
  const usage = fromResponseUsage(objectIn(response, 'usage'));
  return { reason: reasonOf(response), ...(usage ? { usage } : {}) };
}

function reasonOf(response: JsonObject): FinishReason {
  switch (textIn(objectIn(response, 'incomplete_details') ?? {}, 'reason')) {
    case 'max_output_tokens':
      return 'length';
    case 'content_filter':
      return 'content_filter';
    default:
      return listIn(response, 'output').some(isCall) ? 'tool_calls' : 'stop';
  }
}

/** Of a tool that the client runs. */
function isCall(item: unknown): boolean {
  return isObject(item) && (item.type === 'function_call' || item.type === 'custom_tool_call');
}
