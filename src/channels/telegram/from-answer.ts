import type { SendFault } from '../../core/ports/channel.ts';
import { type Fault, fromStatus, secondsToMs } from '../wire/from-answer.ts';
import type { HttpAnswer } from '../wire/http-client.ts';
import { isObject, type JsonObject, numberIn, objectIn, parseObject, textIn } from '../wire/json-shape.ts';

export type Outcome =
  | { readonly result: unknown }
  /** The group lives on under another id. */
  | { readonly movedTo: string }
  | { readonly fault: Fault };

/** Everything is in the body; the status only repeats it. */
export function fromAnswer(answer: HttpAnswer): Outcome {
  const body = parseObject(answer.text);
  if (body?.ok === true && answer.status === 200) return { result: body.result };
  const parameters = objectIn(body, 'parameters');
  const movedTo = numberIn(parameters, 'migrate_to_chat_id');
  if (movedTo !== undefined) return { movedTo: String(movedTo) };
  const description = textIn(body, 'description');
  return {
    fault: {
      kind: kindOf(answer.status, description ?? '', body),
      detail: description,
      waitMs: secondsToMs(numberIn(parameters, 'retry_after')),
    },
  };
}

function kindOf(status: number, description: string, body: JsonObject | undefined): SendFault {
  if (status === 400 && /can't parse entities/i.test(description)) return 'formatting_refused';
  // A token that is none is not a path that Telegram knows.
  if (status === 404 && isObject(body)) return 'unauthorized';
  return fromStatus(status);
}

/** An edit that changes nothing is what was wanted. */
export function changesNothing(fault: Fault): boolean {
  return fault.kind === 'refused' && /message is not modified/i.test(fault.detail ?? '');
}
