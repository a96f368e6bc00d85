import type { ProviderEvent } from '../../core/ports/provider.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { StreamReader } from '../wire/dialect.ts';
import { countIn, isObject, type JsonObject, objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { fromToolUse } from './from-message.ts';
import { fromMessageUsage } from './from-message-usage.ts';
import { mapStopReason } from './map-stop-reason.ts';

interface OpenCall {
  index: number;
  /** The arguments as the block's start gave them: whole at some servers, empty where deltas follow. */
  input: unknown;
  streamed: boolean;
}

/** The events of a message stream → ours. Types that it does not know are ignored, as the wire's documentation asks. */
export class MessageEventReader implements StreamReader {
  #begun = false;
  #reason: string | undefined;
  /** The first half of the usage comes with the start, the second with the end. */
  #startUsage: JsonObject | undefined;
  #endUsage: JsonObject | undefined;
  #calls = 0;
  /** By the wire's block index, which counts blocks of text too. */
  readonly #open = new Map<number, OpenCall>();

  read(data: string, into: ProviderEvent[]): boolean {
    const event = parseObject(data);
    if (!event) throw new Malformed('an event that is no JSON object');
    switch (event.type) {
      case 'message_start':
        this.#begun = true;
        this.#startUsage = objectIn(objectIn(event, 'message') ?? {}, 'usage');
        return false;
      case 'content_block_start':
        this.#startBlock(event, into);
        return false;
      case 'content_block_delta':
        this.#continueBlock(event, into);
        return false;
      case 'content_block_stop':
        this.#stopBlock(event, into);
        return false;
      case 'message_delta':
        this.#reason = textIn(objectIn(event, 'delta') ?? {}, 'stop_reason') ?? this.#reason;
        this.#endUsage = objectIn(event, 'usage') ?? this.#endUsage;
        return false;
      case 'message_stop':
        if (!this.#begun) throw new Malformed('stopped before it began');
        into.push(this.#finish());
        return true;
      case 'error':
        throw new Reported(event);
      default:
        return false;
    }
  }

  end(into: ProviderEvent[]): void {
    if (this.#reason === undefined) throw new Malformed('ended before its finish');
    into.push(this.#finish());
  }

  #startBlock(event: JsonObject, into: ProviderEvent[]): void {
    const block = objectIn(event, 'content_block');
    if (!block) throw new Malformed('the start of no block');
    const text = block.type === 'text' ? textIn(block, 'text') : undefined;
    if (text) into.push({ type: 'text', text });
    if (block.type !== 'tool_use') return;
    const index = this.#calls++;
    this.#open.set(countIn(event, 'index') ?? index, { index, input: block.input, streamed: false });
    into.push(fromToolUse(block, index, ''));
  }

  #continueBlock(event: JsonObject, into: ProviderEvent[]): void {
    const delta = objectIn(event, 'delta');
    if (!delta) throw new Malformed('a delta of nothing');
    if (delta.type === 'text_delta') {
      const text = textIn(delta, 'text');
      if (text) into.push({ type: 'text', text });
    } else if (delta.type === 'input_json_delta') {
      const call = this.#open.get(countIn(event, 'index') ?? -1);
      const text = textIn(delta, 'partial_json');
      if (!call || !text) return;
      call.streamed = true;
      into.push({ type: 'tool_call', index: call.index, arguments: text });
    }
  }

  /** A call of a tool without arguments has no deltas, or empty ones. */
  #stopBlock(event: JsonObject, into: ProviderEvent[]): void {
    const key = countIn(event, 'index') ?? -1;
    const call = this.#open.get(key);
    if (!call) return;
    this.#open.delete(key);
    if (call.streamed) return;
    const input = isObject(call.input) ? call.input : {};
    into.push({ type: 'tool_call', index: call.index, arguments: JSON.stringify(input) });
  }

  #finish(): ProviderEvent {
    const usage = fromMessageUsage(this.#startUsage, this.#endUsage);
    return { type: 'finish', reason: mapStopReason(this.#reason, this.#calls > 0), ...(usage ? { usage } : {}) };
  }
}
