/** JSON Schema as somebody sent it: nothing about it is certain, so every word is looked at before it is believed. */
export type Schema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
