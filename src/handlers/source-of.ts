import type { Context, Source } from './handler.ts';

/** The request as it came; an operation with a body always has one. */
export function sourceOf({ source }: Context): Source {
  if (!source) throw new Error('the operation needs the request as it came');
  return source;
}
