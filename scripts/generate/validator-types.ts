import { header } from './print.ts';

/** `validators/validate.ts`: what all generated validators have in common. Types only. */
export function validatorTypes(): string {
  return `${header}
export interface ValidateError {
  /** A JSON pointer to the value at fault. */
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
  /** There when the name of a member is at fault, not its value. */
  propertyName?: string;
}

/** True when the data fits; when it does not, \`errors\` says why until the next call. */
export type Validate = ((data: unknown) => boolean) & { errors?: null | ValidateError[] };

export interface RequestValidators {
  /** The body as parsed from JSON. It is not changed, and the first fault ends the check. */
  body?: Validate;
  /** Parameters arrive as strings; these validators turn them into what the contract says, in place. */
  path?: Validate;
  /** Absent where the contract has no 400: what stands in the query is then nobody's business. */
  query?: Validate;
  /** Names in lower case; other headers pass. */
  headers?: Validate;
}

/** By status, then by content type; null where the contract has no schema to check by, as for a stream. */
export type AnswerValidators = Readonly<Record<string, Readonly<Record<string, Validate | null>>>>;
`;
}
