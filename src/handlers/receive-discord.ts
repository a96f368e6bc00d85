import type { Handler } from './handler.ts';
import { receiveFrom } from './receive-from.ts';

export const receiveDiscord: Handler<'receiveDiscord'> = async (context, _input, reply) =>
  reply.raw(await receiveFrom('discord', context));
