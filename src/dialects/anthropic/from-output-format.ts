import type { ResponseFormat } from '../../core/run.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import type { Schemas } from './schemas.ts';

/** The form of the answer, under its present name or its older one. This wire gives its schemas no name. */
export function fromOutputFormat(request: Schemas['CountTokensRequest']): ResponseFormat | undefined {
  const { output_config: config, output_format: older } = request;
  if (config) refuseOthers(config, new Set(['format', 'effort']), {}, '/output_config');
  if (config?.format && older) throw invalid('/output_format', 'must not be there beside output_config.format');
  if (config?.format) return fromFormat(config.format, '/output_config/format');
  return older ? fromFormat(older, '/output_format') : undefined;
}

function fromFormat(format: NonNullable<Schemas['OutputFormat']>, pointer: string): ResponseFormat {
  if (format.type !== 'json_schema') throw unsupported(`${pointer}/type`);
  refuseOthers(format, new Set(['type', 'schema']), {}, pointer);
  if (!format.schema) throw invalid(`${pointer}/schema`, 'must be there');
  return { type: 'json_schema', name: 'answer', schema: format.schema, strict: true };
}
