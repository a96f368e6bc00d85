import type { Operation } from '../../../generated/operations.ts';
import { GatewayError } from '../../core/errors.ts';
import type { RawWebhook } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Exchange } from './exchange.ts';
import { readRawBody } from './read-body.ts';

/**
 * Reads a webhook as it is, because its signature is over its bytes, and gives reading, verifying and storing together
 * so much time. Afterwards the platform is asked to send it again: what may be stored by then is known when it comes.
 */
export async function receiveWebhook<Result>(
  exchange: Exchange,
  rules: Operation,
  clock: Clock,
  withinMs: number,
  take: (webhook: RawWebhook) => Promise<Result>,
): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = clock.after(withinMs, () => {
    late.reject(new GatewayError('STORE_UNAVAILABLE', 'The webhook could not be stored in time. Send it again.'));
  });
  try {
    return await Promise.race([late.promise, read(exchange, rules, clock).then(take)]);
  } finally {
    timer.cancel();
  }
}

async function read({ request, path }: Exchange, rules: Operation, clock: Clock): Promise<RawWebhook> {
  const contentTypes = rules.requestBody?.contentTypes ?? [];
  const body = await readRawBody(request, { contentTypes, limit: rules.bodyLimit }, clock);
  return { method: request.method ?? 'POST', path, headers: request.headers, body, receivedAt: clock.now() };
}
