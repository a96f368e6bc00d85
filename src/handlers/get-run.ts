import type { Handler } from './handler.ts';
import { toRun } from './to-run.ts';

export const getRun: Handler<'getRun'> = async ({ gateway, principal }, { path }, reply) =>
  reply(200, toRun(await gateway.runs.get(principal, path.id)));
