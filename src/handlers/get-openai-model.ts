import { GatewayError } from '../core/errors.ts';
import { toModel } from '../dialects/openai/to-model.ts';
import type { Handler } from './handler.ts';

export const getOpenAiModel: Handler<'getOpenAiModel'> = ({ gateway, principal }, { path }, reply) => {
  const entry = gateway.models.list(principal).find(({ id }) => id === path.model);
  if (!entry) throw new GatewayError('MODEL_NOT_FOUND', `There is no model ${path.model} that the key may use.`);
  return reply(200, toModel(entry));
};
