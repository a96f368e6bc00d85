import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { Dialect, Finish, Forwarding } from '../wire/dialect.ts';
import { countIn, isObject, type JsonObject, objectIn, textIn } from '../wire/json-shape.ts';
import { fromMessageUsage } from './from-message-usage.ts';
import { mapStopReason } from './map-stop-reason.ts';
import { MessageStreamWatcher } from './watch-message-stream.ts';

const headers = ['anthropic-version', 'anthropic-beta'];

const messages: Forwarding = {
  path: '/messages',
  headers,
  splices: () => [],
  finishOf: finishOfMessage,
  watchStream: () => new MessageStreamWatcher(),
};

const countTokens: Forwarding = {
  path: '/messages/count_tokens',
  headers,
  splices: () => [],
  finishOf: finishOfCount,
};

/** What is handed on as the client says it. */
export const messagesForwards: Dialect['forwards'] = { messages, 'count-tokens': countTokens };

function finishOfMessage(message: JsonObject): Finish {
  if (message.type === 'error') throw new Reported(message);
  if (!Array.isArray(message.content)) throw new Malformed('no content');
  const calledTools = message.content.some((block) => isObject(block) && block.type === 'tool_use');
  const usage = fromMessageUsage(objectIn(message, 'usage'));
  return { reason: mapStopReason(textIn(message, 'stop_reason'), calledTools), ...(usage ? { usage } : {}) };
}

/** Counting costs nothing, which is not the same as a cost that nobody knows. */
function finishOfCount(answer: JsonObject): Finish {
  if (answer.type === 'error') throw new Reported(answer);
  if (countIn(answer, 'input_tokens') === undefined) throw new Malformed('no count');
  return { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 } };
}
