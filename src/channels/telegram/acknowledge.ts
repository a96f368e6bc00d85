import type { InboundEvent, WebhookAnswer } from '../../core/ports/channel.ts';

/** A button turns until its press is answered; what is written into our answer Telegram takes as a call. */
export function acknowledge(events: readonly InboundEvent[]): WebhookAnswer {
  const query = events.find((event) => event.target.address.callbackQuery)?.target.address.callbackQuery;
  if (query === undefined) return { status: 200 };
  return {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ method: 'answerCallbackQuery', callback_query_id: query }),
  };
}
