/** Reading what a platform sent: nothing about it is certain, so every member is looked at before it is believed. */
export type JsonObject = { readonly [member: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectIn(from: JsonObject | undefined, member: string): JsonObject | undefined {
  const value = from?.[member];
  return isObject(value) ? value : undefined;
}

export function objectsIn(from: JsonObject | undefined, member: string): readonly JsonObject[] {
  const value = from?.[member];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textIn(from: JsonObject | undefined, member: string): string | undefined {
  const value = from?.[member];
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(from: JsonObject | undefined, member: string): number | undefined {
  const value = from?.[member];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An id, which some platforms write as a number. */
export function idIn(from: JsonObject | undefined, member: string): string | undefined {
  const value = from?.[member];
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
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
