/** What a package exports may be anything; a function of it is called without believing anything of its result. */
export type Callable = (argument: unknown) => unknown;

export function callable(value: unknown): Callable | undefined {
  return typeof value === 'function' ? (argument) => Reflect.apply(value, undefined, [argument]) : undefined;
}

/** A member that is a function, called as the method that it is. */
export function methodOf(owner: unknown, name: string): Callable | undefined {
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return undefined;
  const method: unknown = Reflect.get(owner, name);
  return typeof method === 'function' ? (argument) => Reflect.apply(method, owner, [argument]) : undefined;
}
