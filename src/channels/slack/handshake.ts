import type { RawWebhook, WebhookAnswer } from '../../core/ports/channel.ts';
import { textIn } from '../wire/json-shape.ts';
import { readBody } from './read-body.ts';

/** What is answered on the spot: the challenge, the check of our certificate, and the options of a menu, of which we have none. */
export function handshake(webhook: RawWebhook): WebhookAnswer | undefined {
  const body = readBody(webhook);
  switch (body.kind) {
    case 'event': {
      const challenge = textIn(body.envelope, 'challenge');
      if (body.envelope.type !== 'url_verification' || challenge === undefined) return undefined;
      return { status: 200, contentType: 'text/plain; charset=utf-8', body: challenge };
    }
    case 'command':
      return body.form.get('ssl_check') === '1' ? { status: 200 } : undefined;
    case 'interaction':
      if (body.payload.type !== 'block_suggestion') return undefined;
      return { status: 200, contentType: 'application/json', body: JSON.stringify({ options: [] }) };
    case 'malformed':
      return undefined;
  }
}
