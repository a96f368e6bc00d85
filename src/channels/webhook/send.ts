import { type OutboundSend, SendError, type SentMessage } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { toSendError } from '../wire/from-answer.ts';
import type { HttpClient } from '../wire/http-client.ts';
import { secondsOf } from '../wire/timestamp.ts';
import { fromAnswer } from './from-answer.ts';
import { manifest } from './manifest.ts';
import { signatureHeader } from './signature.ts';

export interface Callback {
  readonly client: HttpClient;
  readonly url: URL | null;
  readonly keys: readonly Buffer[];
  readonly clock: Clock;
}

/** The id is the delivery's, the same for every try, by which the receiver knows what it has; the time is the try's. */
export async function send(callback: Callback, outbound: OutboundSend, signal: AbortSignal): Promise<SentMessage> {
  const { client, url, keys, clock } = callback;
  if (!url || keys.length === 0) throw new SendError('unauthorized', 'webhook: no callback or no secret is configured');
  // No points in an id, see `authenticate.ts`.
  const id = outbound.deliveryId.replaceAll('.', '-');
  const body = JSON.stringify(toAnswer(outbound, clock.now()));
  const timestamp = secondsOf(clock.now());
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureHeader(keys, id, timestamp, Buffer.from(body)),
  };
  const answer = await client.exchange({ method: 'POST', url, headers, body }, signal);
  if (answer.status >= 200 && answer.status < 300) return { message: id };
  throw toSendError(manifest.name, fromAnswer(answer), answer, [url.href]);
}

/** What the contract's `webhooks` tell. */
function toAnswer({ target, chunk, plain, first }: OutboundSend, now: number) {
  const { conversation, inReplyTo } = target.address;
  return {
    type: 'answer',
    timestamp: new Date(now).toISOString(),
    data: {
      conversation,
      inReplyTo,
      text: plain ? chunk.plain : chunk.text,
      format: plain ? 'plain' : 'markdown',
      continues: !first,
    },
  };
}
