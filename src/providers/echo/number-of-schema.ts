import { refuseSchema } from './refuse-schema.ts';
import type { Schema } from './schema.ts';

/** The number nearest to zero from below its bounds: 0, or else the least or the greatest that is allowed. */
export function numberOfSchema(schema: Schema, isInteger: boolean): number {
  const factor = positive(schema.multipleOf);
  const step = isInteger ? (factor === undefined || !Number.isInteger(factor) ? 1 : factor) : factor;
  const candidates = [0, ...atBound(schema, step, 'minimum'), ...atBound(schema, step, 'maximum')];
  const found = candidates.find((number) => isAllowed(schema, number, isInteger));
  if (found === undefined) throw refuseSchema('a number between such bounds');
  return found;
}

function atBound(schema: Schema, step: number | undefined, bound: 'minimum' | 'maximum'): number[] {
  const up = bound === 'minimum';
  const inclusive = schema[bound];
  const exclusive = schema[up ? 'exclusiveMinimum' : 'exclusiveMaximum'];
  const numbers: number[] = [];
  for (const limit of [inclusive, exclusive]) {
    if (typeof limit !== 'number') continue;
    const whole = step === undefined ? limit : (up ? Math.ceil(limit / step) : Math.floor(limit / step)) * step;
    numbers.push(whole, whole + (up ? 1 : -1) * (step ?? 1), whole + (up ? 0.5 : -0.5) * (step ?? 1));
  }
  return numbers;
}

function isAllowed(schema: Schema, number: number, isInteger: boolean): boolean {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const factor = positive(schema.multipleOf);
  return (
    (!isInteger || Number.isInteger(number)) &&
    !(typeof minimum === 'number' && number < minimum) &&
    !(typeof maximum === 'number' && number > maximum) &&
    !(typeof above === 'number' && number <= above) &&
    !(typeof below === 'number' && number >= below) &&
    (factor === undefined || Number.isInteger(number / factor))
  );
}

function positive(factor: unknown): number | undefined {
  return typeof factor === 'number' && factor > 0 ? factor : undefined;
}
