import type { Handler } from './handler.ts';
import { receiveFrom } from './receive-from.ts';

export const receiveWebhook: Handler<'receiveWebhook'> = async (context, _input, reply) =>
  reply.raw(await receiveFrom('webhook', context));
