import { toModel } from '../dialects/openai/to-model.ts';
import type { Handler } from './handler.ts';

export const listOpenAiModels: Handler<'listOpenAiModels'> = ({ gateway, principal }, _input, reply) =>
  reply(200, { object: 'list', data: gateway.models.list(principal).map(toModel) });
