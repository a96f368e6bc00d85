import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { Finish, StreamWatcher } from '../wire/dialect.ts';
import { objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { fromEndedResponse } from './from-ended-response.ts';

const opening = new Set(['response.created', 'response.queued', 'response.in_progress']);

/** Watches the events of a response that are handed on as they are. */
export class ResponseStreamWatcher implements StreamWatcher {
  /** The end or an error; a quote inside what the model says has a backslash before it. */
  readonly marks = /"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"/;
  #finish: Finish | undefined;

  read(data: string): 'opening' | 'content' | 'end' {
    const event = parseObject(data);
    if (!event) throw new Malformed('an event that is no JSON object');
    const type = textIn(event, 'type') ?? '';
    if (type === 'error') throw new Reported({ error: objectIn(event, 'error') ?? event });
    if (type === 'response.failed' || type === 'response.completed' || type === 'response.incomplete') {
      this.#finish = fromEndedResponse(objectIn(event, 'response') ?? {});
      return 'end';
    }
    return opening.has(type) ? 'opening' : 'content';
  }

  finish(): Finish {
    if (!this.#finish) throw new Malformed('ended before its finish');
    return this.#finish;
  }
}
