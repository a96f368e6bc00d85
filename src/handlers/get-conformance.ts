import type { Handler } from './handler.ts';

export const getConformance: Handler<'getConformance'> = ({ conformance }, _input, reply) =>
  reply(200, conformance.report());
