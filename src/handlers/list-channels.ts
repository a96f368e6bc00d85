import type { Handler } from './handler.ts';
import { toTimestamp } from './to-timestamp.ts';

export const listChannels: Handler<'listChannels'> = async ({ gateway }, _input, reply) => {
  const channels = await gateway.channels.list();
  return reply(200, {
    items: channels.map(({ lastEventAt, ...channel }) => ({
      ...channel,
      ...(lastEventAt === undefined ? {} : { lastEventAt: toTimestamp(lastEventAt) }),
    })),
  });
};
