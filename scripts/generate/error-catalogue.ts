import type { Contract } from './bundle.ts';
import { header, printTable } from './print.ts';

/** `errors.ts`, from the catalogue that stands beside the enum in `openapi/schemas/ErrorCode.yaml`. */
export function errorCatalogue({ documents }: Contract): string {
  const schema = documents.map(({ openapi }) => openapi.components?.schemas?.ErrorCode).find((found) => found);
  if (typeof schema !== 'object') throw new Error('No document uses the schema ErrorCode.');
  const catalogue: Record<string, unknown> = { ...Object(schema['x-errors']) };
  const codes = schema.enum ?? [];
  const missing = codes.filter((code) => !(String(code) in catalogue));
  const unknown = Object.keys(catalogue).filter((code) => !codes.includes(code));
  if (missing.length + unknown.length > 0) {
    throw new Error(`ErrorCode's enum and x-errors differ in ${[...missing, ...unknown].join(', ')}.`);
  }
  return `${header}
export interface ErrorEntry {
  status: number;
  closeCode?: number;
  retryable: boolean;
  title: string;
  visible?: false;
}

export const errors = ${printTable(catalogue)} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;
`;
}
