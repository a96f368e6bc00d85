import type { ResponseFormat } from '../../core/run.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';

interface SchemaFormat {
  name?: string;
  description?: string | null;
  schema?: Record<string, unknown>;
  strict?: boolean | null;
}

/** `holder` is what says more of a schema: the format itself in a response, an object of its own in a chat completion. */
export function fromResponseFormat(
  type: string,
  holder: SchemaFormat | undefined,
  pointer: string,
  holderPointer: string,
): ResponseFormat {
  switch (type) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      if (holder?.name === undefined) throw invalid(`${holderPointer}/name`, 'must be there');
      refuseOthers(holder, new Set(['type', 'name', 'description', 'schema', 'strict']), {}, holderPointer);
      const { name, description, schema = {}, strict } = holder;
      return {
        type: 'json_schema',
        name,
        ...(description ? { description } : {}),
        schema,
        ...(typeof strict === 'boolean' ? { strict } : {}),
      };
    }
    default:
      throw unsupported(`${pointer}/type`);
  }
}
