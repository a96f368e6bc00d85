import type { ProviderTold } from '../../core/errors.ts';
import { isObject, type JsonObject, textIn } from '../wire/json-shape.ts';

/** The wire's error body in its own words; undefined where it has none. */
export function tell(body: JsonObject | undefined): ProviderTold | undefined {
  if (!body) return undefined;
  const error = isObject(body.error) ? body.error : body;
  const message = typeof body.error === 'string' ? body.error : textIn(error, 'message');
  if (!message) return undefined;
  const told: ProviderTold = { message };
  for (const member of ['type', 'code', 'param'] as const) {
    const text = textIn(error, member);
    if (text !== undefined) told[member] = text;
  }
  return told;
}
