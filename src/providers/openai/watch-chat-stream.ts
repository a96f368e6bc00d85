import type { ForwardCall } from '../../core/ports/provider.ts';
import type { FinishReason } from '../../core/run.ts';
import type { Usage } from '../../core/usage.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { Finish, StreamWatcher } from '../wire/dialect.ts';
import { isObject, type JsonObject, listIn, objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { isChatError } from './from-error.ts';
import { fromChatUsage } from './from-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/** Watches a stream of chat chunks that is handed on as it is. */
export class ChatStreamWatcher implements StreamWatcher {
  /** A reason, counts, an error or the end; a quote inside what the model says has a backslash before it. */
  readonly marks = /"(?:finish_reason"\s*:\s*"|usage"\s*:\s*\{|error")|\[DONE\]/;
  readonly #wantsUsage: boolean;
  #chunks = 0;
  #reason: FinishReason | undefined;
  #usage: Usage | undefined;

  constructor({ wantsUsage }: ForwardCall) {
    this.#wantsUsage = wantsUsage;
  }

  read(data: string): 'opening' | 'content' | 'ours' | 'end' {
    if (data === '[DONE]') {
      if (this.#chunks === 0) throw new Malformed('done before anything came');
      return 'end';
    }
    const chunk = parseObject(data);
    if (!chunk) throw new Malformed('a chunk that is no JSON object');
    if (isChatError(chunk)) throw new Reported(chunk);
    this.#chunks++;
    const choices = listIn(chunk, 'choices').filter(isObject);
    for (const choice of choices) {
      const reason = textIn(choice, 'finish_reason');
      if (reason !== undefined) this.#reason = mapFinishReason(reason, /^(tool_calls|function_call)$/.test(reason));
    }
    const usage = objectIn(chunk, 'usage');
    if (usage) {
      this.#usage = fromChatUsage(usage) ?? this.#usage;
      // Sent for us alone: usage beside content, as some servers send it to everybody, stays.
      if (choices.length === 0 && !this.#wantsUsage) return 'ours';
    }
    return choices.some(says) ? 'content' : 'opening';
  }

  finish(ended: boolean): Finish {
    // Some servers leave `[DONE]` out.
    if (!ended && this.#reason === undefined) throw new Malformed('ended before its finish');
    return { ...(this.#reason ? { reason: this.#reason } : {}), ...(this.#usage ? { usage: this.#usage } : {}) };
  }
}

/** More than who speaks: text, a refusal, thoughts, a tool, or why it ended. */
function says(choice: JsonObject): boolean {
  if (textIn(choice, 'finish_reason') !== undefined) return true;
  const delta = objectIn(choice, 'delta') ?? {};
  return Object.entries(delta).some(([name, value]) => name !== 'role' && !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
