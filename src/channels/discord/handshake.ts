import type { RawWebhook, WebhookAnswer } from '../../core/ports/channel.ts';
import { parseObject } from '../wire/json-shape.ts';

/** What is answered on the spot: a ping, and the suggestions for a command's option, of which we have none. */
export function handshake(webhook: RawWebhook): WebhookAnswer | undefined {
  const body = parseObject(webhook.body.toString());
  // Events about the application come in another envelope, whose ping is 0 and whose 1 is no ping.
  if (!body || body.event !== undefined) return undefined;
  switch (body.type) {
    case 0:
      return { status: 204 };
    case 1:
      return answer({ type: 1 });
    case 4:
      return answer({ type: 8, data: { choices: [] } });
    default:
      return undefined;
  }
}

export function answer(body: object): WebhookAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}
