import type { ProviderEvent } from '../../core/ports/provider.ts';
import type { Usage } from '../../core/usage.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { StreamReader } from '../wire/dialect.ts';
import { countIn, isObject, type JsonObject, listIn, objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { inventedId } from './from-chat-answer.ts';
import { fromChatContent } from './from-chat-content.ts';
import { isChatError } from './from-error.ts';
import { fromChatUsage } from './from-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/**
 * The chunks of a chat completion → events. The reason comes before the usage and that before `[DONE]`, so that the
 * finish is held back until then, or until the end of the body at servers that leave `[DONE]` out.
 */
export class ChatChunkReader implements StreamReader {
  #chunks = 0;
  #answerId: string | undefined;
  #reason: string | undefined;
  #refused = false;
  #usage: Usage | undefined;
  /** The calls begun, in our order, with what the wire knows them by. */
  readonly #calls: { id: string | undefined; wireIndex: number | undefined }[] = [];

  read(data: string, into: ProviderEvent[]): boolean {
    if (data === '[DONE]') {
      if (this.#chunks === 0) throw new Malformed('done before anything came');
      into.push(this.#finish());
      return true;
    }
    const chunk = parseObject(data);
    if (!chunk) throw new Malformed('a chunk that is no JSON object');
    if (isChatError(chunk)) throw new Reported(chunk);
    this.#chunks++;
    this.#answerId ??= textIn(chunk, 'id');
    // vLLM can be told to send it with every chunk: the last one counts.
    this.#usage = fromChatUsage(objectIn(chunk, 'usage')) ?? this.#usage;
    const [choice] = listIn(chunk, 'choices');
    if (isObject(choice)) this.#readChoice(choice, into);
    return false;
  }

  end(into: ProviderEvent[]): void {
    if (this.#reason === undefined) throw new Malformed('ended before its finish');
    into.push(this.#finish());
  }

  #readChoice(choice: JsonObject, into: ProviderEvent[]): void {
    this.#reason = textIn(choice, 'finish_reason') ?? this.#reason;
    const delta = objectIn(choice, 'delta');
    if (!delta) return;
    const refusal = textIn(delta, 'refusal') ?? '';
    if (refusal !== '') this.#refused = true;
    const text = fromChatContent(delta.content) + refusal;
    if (text !== '') into.push({ type: 'text', text });
    for (const call of listIn(delta, 'tool_calls')) if (isObject(call)) into.push(this.#readCall(call));
  }

  #readCall(call: JsonObject): ProviderEvent {
    const called = objectIn(call, 'function') ?? {};
    const id = textIn(call, 'id') || undefined;
    const wireIndex = countIn(call, 'index');
    const name = textIn(called, 'name') || undefined;
    const text = textIn(called, 'arguments') ?? (isObject(called.arguments) ? JSON.stringify(called.arguments) : '');
    const known = this.#find(id, wireIndex, name);
    // Some servers repeat id and name with every delta.
    if (known !== -1) return { type: 'tool_call', index: known, arguments: text };
    if (name === undefined) throw new Malformed('a tool call without a name');
    const index = this.#calls.push({ id, wireIndex }) - 1;
    return { type: 'tool_call', index, id: id ?? inventedId(this.#answerId, index), name, arguments: text };
  }

  /** Our index, -1 for a new call. The wire's is not trusted alone: some leave it out, some send 0 with every call. */
  #find(id: string | undefined, wireIndex: number | undefined, name: string | undefined): number {
    const byId = id === undefined ? -1 : this.#calls.findIndex((call) => call.id === id);
    if (byId !== -1 || (id !== undefined && name !== undefined)) return byId;
    if (wireIndex === undefined) return this.#calls.length - 1;
    return this.#calls.findLastIndex((call) => call.wireIndex === wireIndex);
  }

  #finish(): ProviderEvent {
    const reason = mapFinishReason(this.#reason, this.#calls.length > 0);
    return {
      type: 'finish',
      reason: this.#refused ? 'content_filter' : reason,
      ...(this.#usage ? { usage: this.#usage } : {}),
    };
  }
}
