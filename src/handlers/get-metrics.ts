import type { Handler } from './handler.ts';

export const getMetrics: Handler<'getMetrics'> = async ({ metrics }, _input, reply) => reply(200, await metrics());
