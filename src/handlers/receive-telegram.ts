import type { Handler } from './handler.ts';
import { receiveFrom } from './receive-from.ts';

export const receiveTelegram: Handler<'receiveTelegram'> = async (context, _input, reply) =>
  reply.raw(await receiveFrom('telegram', context));
