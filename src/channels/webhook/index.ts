/**
 * Any program that speaks Standard Webhooks (standardwebhooks.com), signed with one secret in both directions. It sends
 *
 *   {"type": "message", "timestamp": "2026-11-22T12:00:00Z",
 *    "data": {"conversation": "42", "kind": "direct", "sender": {"id": "7", "name": "Ann", "bot": false}, "text": "Hello"}}
 *
 * (`kind`, `name`, `bot` and `timestamp` may be left out, and `sender` may be the id alone) and gets at its callback
 *
 *   {"type": "answer", "timestamp": "…",
 *    "data": {"conversation": "42", "inReplyTo": "<webhook-id>", "text": "…", "format": "markdown", "continues": false}}
 *
 * `continues` is true for the further parts of a long answer, which come in order. `webhook-id` is the same for every try.
 */
import type { Channel } from '../../core/ports/channel.ts';
import { createHttpClient } from '../wire/http-client.ts';
import { acknowledge } from './acknowledge.ts';
import { authenticate } from './authenticate.ts';
import { handshake } from './handshake.ts';
import { manifest } from './manifest.ts';
import { parse } from './parse.ts';
import { render } from './render.ts';
import { type Callback, send } from './send.ts';
import type { WebhookSettings } from './settings.ts';
import { readKeys } from './signature.ts';

export type { WebhookSettings } from './settings.ts';
export { sign as signWebhookMessage } from './sign.ts';

export function createWebhookChannel(settings: WebhookSettings): Channel {
  const { callbackUrl, clock } = settings;
  const keys = readKeys(settings.secret);
  const url = callbackUrl === undefined ? null : URL.parse(callbackUrl);
  const client = createHttpClient(manifest.name, clock);
  const callback: Callback = { client, url, keys, clock };
  return {
    manifest,
    configured: keys.length > 0 && url !== null,
    authenticate: (webhook) => authenticate(webhook, keys),
    handshake,
    parse,
    acknowledge,
    render,
    send: (outbound, signal) => send(callback, outbound, signal),
    close: () => client.close(),
  };
}
