import { ProviderError } from '../../core/errors.ts';

/** An echo knows no answer that such a schema would let pass. */
export function refuseSchema(why: string): ProviderError {
  return new ProviderError('unsupported_parameter', `an echo cannot follow the schema: ${why}`, {
    parameter: 'responseFormat',
  });
}
