import type { Handler } from './handler.ts';

export const getDetailedHealth: Handler<'getDetailedHealth'> = async ({ gateway }, _input, reply) => {
  const { memory, ...health } = await gateway.status.health();
  return reply(200, { ...health, memory: { used: toMegabytes(memory.used), total: toMegabytes(memory.total) } });
};

/** Bytes in the contract's form: `128MB`. */
function toMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)}MB`;
}
