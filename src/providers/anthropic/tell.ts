import type { ProviderTold } from '../../core/errors.ts';
import { type JsonObject, objectIn, textIn } from '../wire/json-shape.ts';

/** The wire's error body in its own words; undefined where it has none. */
export function tell(body: JsonObject | undefined): ProviderTold | undefined {
  const error = body && objectIn(body, 'error');
  const message = error && textIn(error, 'message');
  if (!error || !message) return undefined;
  const type = textIn(error, 'type');
  return { message, ...(type === undefined ? {} : { type }) };
}
