import type { FinishReason } from '../../core/run.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { Finish, StreamWatcher } from '../wire/dialect.ts';
import { type JsonObject, objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { fromMessageUsage } from './from-message-usage.ts';
import { mapStopReason } from './map-stop-reason.ts';

/** Watches the events of a message that are handed on as they are. */
export class MessageStreamWatcher implements StreamWatcher {
  /** The message's own events and errors; a quote inside what the model says has a backslash before it. */
  readonly marks = /"(?:message_(?:start|delta|stop)|error)"/;
  #begun = false;
  #reason: FinishReason | undefined;
  /** The first half of the usage comes with the start, the second with the end. */
  #startUsage: JsonObject | undefined;
  #endUsage: JsonObject | undefined;

  read(data: string): 'opening' | 'content' | 'end' {
    const event = parseObject(data);
    if (!event) throw new Malformed('an event that is no JSON object');
    switch (event.type) {
      case 'message_start':
        this.#begun = true;
        this.#startUsage = objectIn(objectIn(event, 'message') ?? {}, 'usage');
        return 'opening';
      case 'message_delta':
        this.#readEnd(event);
        return 'content';
      case 'message_stop':
        if (!this.#begun) throw new Malformed('stopped before it began');
        return 'end';
      case 'error':
        throw new Reported(event);
      default:
        return event.type === 'ping' ? 'opening' : 'content';
    }
  }

  finish(ended: boolean): Finish {
    if (!ended && this.#reason === undefined) throw new Malformed('ended before its finish');
    const usage = fromMessageUsage(this.#startUsage, this.#endUsage);
    return { ...(this.#reason ? { reason: this.#reason } : {}), ...(usage ? { usage } : {}) };
  }

  #readEnd(event: JsonObject): void {
    const reason = textIn(objectIn(event, 'delta') ?? {}, 'stop_reason');
    if (reason !== undefined) this.#reason = mapStopReason(reason, reason === 'tool_use');
    this.#endUsage = objectIn(event, 'usage') ?? this.#endUsage;
  }
}
