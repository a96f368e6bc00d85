import type { SendFault } from '../../core/ports/channel.ts';
import { type Fault, fromStatus, secondsToMs } from '../wire/from-answer.ts';
import type { HttpAnswer } from '../wire/http-client.ts';
import { numberIn, parseObject, textIn } from '../wire/json-shape.ts';

/** Unknown webhook, unknown interaction, invalid webhook token: its quarter of an hour is over. */
const tokenIsOver = new Set([10015, 10062, 50027]);

/** An error answer → what it means. */
export function fromAnswer(answer: HttpAnswer): Fault {
  const body = parseObject(answer.text);
  const code = numberIn(body, 'code');
  const said = textIn(body, 'message');
  return {
    kind: kindOf(answer.status, code),
    detail: said === undefined ? undefined : `${said} (${code ?? answer.status})`,
    waitMs: secondsToMs(numberIn(body, 'retry_after')),
  };
}

function kindOf(status: number, code: number | undefined): SendFault {
  if (code !== undefined && tokenIsOver.has(code)) return 'expired';
  return fromStatus(status);
}
