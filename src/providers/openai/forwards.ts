import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { Dialect, Finish, Forwarding } from '../wire/dialect.ts';
import { isObject, type JsonObject, listIn, objectIn, textIn } from '../wire/json-shape.ts';
import { askForUsage } from './ask-for-usage.ts';
import { fromEmbeddingUsage } from './from-embedding-usage.ts';
import { fromEndedResponse } from './from-ended-response.ts';
import { isChatError } from './from-error.ts';
import { fromChatUsage } from './from-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { ChatStreamWatcher } from './watch-chat-stream.ts';
import { ResponseStreamWatcher } from './watch-response-stream.ts';

const headers = ['openai-beta'];

const chatCompletions: Forwarding = {
  path: '/chat/completions',
  headers,
  splices: askForUsage,
  finishOf: finishOfChat,
  watchStream: (call) => new ChatStreamWatcher(call),
};

const embeddings: Forwarding = {
  path: '/embeddings',
  headers,
  splices: () => [],
  finishOf: finishOfEmbeddings,
};

const responses: Forwarding = {
  path: '/responses',
  headers,
  splices: () => [],
  finishOf: fromEndedResponse,
  watchStream: () => new ResponseStreamWatcher(),
};

/** What is handed on as the client says it, to a server that has responses or to one that has none. */
export function forwardsOf(hasResponses: boolean): Dialect['forwards'] {
  return { 'chat-completions': chatCompletions, embeddings, ...(hasResponses ? { responses } : {}) };
}

function finishOfChat(answer: JsonObject): Finish {
  if (isChatError(answer)) throw new Reported(answer);
  const [choice] = listIn(answer, 'choices');
  const message = isObject(choice) ? objectIn(choice, 'message') : undefined;
  if (!isObject(choice) || !message) throw new Malformed('no choice with a message');
  const reason = mapFinishReason(textIn(choice, 'finish_reason'), listIn(message, 'tool_calls').length > 0);
  const usage = fromChatUsage(objectIn(answer, 'usage'));
  return { reason, ...(usage ? { usage } : {}) };
}

function finishOfEmbeddings(answer: JsonObject): Finish {
  if (isChatError(answer)) throw new Reported(answer);
  if (!Array.isArray(answer.data)) throw new Malformed('no list of embeddings');
  const usage = fromEmbeddingUsage(objectIn(answer, 'usage'));
  return usage ? { usage } : {};
}
