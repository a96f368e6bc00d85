import { Webhook } from 'standardwebhooks';
import { type FakePlatform, startFakePlatform } from './fake-platform.ts';

export interface FakeWebhookReceiver extends FakePlatform {
  /** By `webhook-id`: what the standard's own library has verified. */
  readonly taken: Map<string, unknown>;
}

/** A receiver as the standard's documentation writes one, with its library. Takes each id once. */
export async function startFakeWebhookReceiver(secret: string): Promise<FakeWebhookReceiver> {
  const webhook = new Webhook(secret);
  const taken = new Map<string, unknown>();
  const platform = await startFakePlatform(({ headers, body }) => {
    const id = String(headers['webhook-id']);
    try {
      const payload = webhook.verify(body, {
        'webhook-id': id,
        'webhook-timestamp': String(headers['webhook-timestamp']),
        'webhook-signature': String(headers['webhook-signature']),
      });
      if (!taken.has(id)) taken.set(id, payload);
      return { status: 204 };
    } catch {
      return { status: 401 };
    }
  });
  return { ...platform, taken };
}
