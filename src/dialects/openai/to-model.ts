import type { ModelEntry } from '../../core/models.ts';
import type { Schemas } from './schemas.ts';

/** No provider tells since when a model is there, and a made-up time would be believed. */
export function toModel({ id, providers }: ModelEntry): Schemas['Model'] {
  return { id, object: 'model', created: 0, owned_by: providers[0] ?? 'nobody' };
}
