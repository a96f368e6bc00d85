import type { ValidateError } from '../../generated/validators/validate.ts';
import type { Fault } from '../core/errors.ts';

const most = 20;

/** Validator errors as faults for people, each once and not more than they can read. */
export function toFaults(errors: readonly ValidateError[], base: string): Fault[] {
  // That no shape fits is said by the faults of the shapes, where there are any.
  const telling = errors.filter(({ keyword }) => keyword !== 'oneOf' || errors.length === 1);
  const faults = telling.map((error) => ({ pointer: pointerOf(error, base), message: messageOf(error) }));
  const unique = new Map(faults.map((fault) => [`${fault.pointer} ${fault.message}`, fault]));
  return [...unique.values()].slice(0, most);
}

/** A JSON pointer (RFC 6901) to the member at fault, also where the validator only names the object around it. */
function pointerOf({ instancePath, keyword, params }: ValidateError, base: string): string {
  const name = keyword === 'additionalProperties' ? params.additionalProperty : params.tag;
  const own = typeof name === 'string' ? `/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  return `${base}${instancePath}${own}`.slice(0, 1000);
}

function messageOf({ keyword, params, message }: ValidateError): string {
  if (keyword === 'additionalProperties') return 'is not known here';
  if (keyword === 'discriminator') return 'must name one of the shapes that the contract has';
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    return `must be one of ${params.allowedValues.join(', ')}`;
  }
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  return (message ?? 'is not valid').slice(0, 1000);
}
