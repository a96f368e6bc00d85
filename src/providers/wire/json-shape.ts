/** Reading what a provider sent: nothing about it is certain, so every member is looked at before it is believed. */
export type JsonObject = { readonly [member: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectIn(from: JsonObject, member: string): JsonObject | undefined {
  const value = from[member];
  return isObject(value) ? value : undefined;
}

export function listIn(from: JsonObject, member: string): readonly unknown[] {
  const value = from[member];
  return Array.isArray(value) ? value : [];
}

export function textIn(from: JsonObject, member: string): string | undefined {
  const value = from[member];
  return typeof value === 'string' ? value : undefined;
}

/** A count, such as of tokens: a whole number from 0. */
export function countIn(from: JsonObject | undefined, member: string): number | undefined {
  const value = from?.[member];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The object that a JSON text is, or undefined when it is something else or no JSON. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
