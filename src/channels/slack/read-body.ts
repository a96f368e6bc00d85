import type { RawWebhook } from '../../core/ports/channel.ts';
import { type JsonObject, parseObject } from '../wire/json-shape.ts';
import { contentTypeOf } from '../wire/read-webhook.ts';

/** Slack has three kinds of bodies on one address: JSON, a form, and JSON in a field of a form. */
export type Body =
  | { readonly kind: 'event'; readonly envelope: JsonObject }
  | { readonly kind: 'command'; readonly form: URLSearchParams }
  | { readonly kind: 'interaction'; readonly payload: JsonObject }
  | { readonly kind: 'malformed' };

export function readBody(webhook: RawWebhook): Body {
  const text = webhook.body.toString();
  if (contentTypeOf(webhook) !== 'application/x-www-form-urlencoded') {
    const envelope = parseObject(text);
    return envelope ? { kind: 'event', envelope } : { kind: 'malformed' };
  }
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  if (payload === null) return { kind: 'command', form };
  const interaction = parseObject(payload);
  return interaction ? { kind: 'interaction', payload: interaction } : { kind: 'malformed' };
}
