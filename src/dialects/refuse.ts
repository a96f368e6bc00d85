/** What our words cannot say is refused under the client's own name for it, and never left out in silence. */
import { GatewayError } from '../core/errors.ts';

/** Why a member may be there although nothing is made of it. */
export interface Harmless {
  reason: string;
  /** The only values of which that is so; absent means any. Null always says what absence says. */
  values?: readonly unknown[];
}

export type HarmlessMembers = Readonly<Record<string, Harmless>>;

/** `pointer` is where the object stands in the request. */
export function refuseOthers(
  object: object,
  known: ReadonlySet<string>,
  harmless: HarmlessMembers,
  pointer: string,
): void {
  for (const [name, value] of Object.entries(object)) {
    if (value === null || value === undefined || known.has(name)) continue;
    const values = Object.hasOwn(harmless, name) ? (harmless[name]?.values ?? [value]) : [];
    const text = JSON.stringify(value);
    if (values.some((allowed) => JSON.stringify(allowed) === text)) continue;
    throw unsupported(`${pointer}/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

export function unsupported(pointer: string): GatewayError {
  const message = 'is not something that the providers of this model can be asked for';
  return new GatewayError(
    'UNSUPPORTED_PARAMETER',
    `\`${toParam(pointer)}\` ${message}. Leave it out, or use a model of a provider that has it.`,
    { faults: [{ pointer, message }] },
  );
}

export function invalid(pointer: string, message: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', `\`${toParam(pointer)}\` ${message}.`, { faults: [{ pointer, message }] });
}

/** `/messages/0/content` → `messages[0].content`, as OpenAI names a place in a request. */
export function toParam(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => {
      if (/^\d+$/.test(step)) return `${path}[${step}]`;
      return path === '' ? step : `${path}.${step}`;
    }, '');
}
