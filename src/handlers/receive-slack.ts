import type { Handler } from './handler.ts';
import { receiveFrom } from './receive-from.ts';

export const receiveSlack: Handler<'receiveSlack'> = async (context, _input, reply) =>
  reply.raw(await receiveFrom('slack', context));
