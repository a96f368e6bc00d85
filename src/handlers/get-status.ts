import { apiVersions } from '../../generated/operations.ts';
import type { Handler } from './handler.ts';
import { toTimestamp } from './to-timestamp.ts';

export const getStatus: Handler<'getStatus'> = ({ gateway }, _input, reply) => {
  const { startedAt, activeRuns, webSockets, ...status } = gateway.status.read();
  return reply(200, {
    ...status,
    startedAt: toTimestamp(startedAt),
    apiVersions: apiVersions.map(({ date }) => date),
    runs: { active: activeRuns },
    connections: { webSocket: webSockets },
  });
};
