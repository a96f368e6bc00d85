import type { Verbosity } from '../../core/run.ts';
import { unsupported } from '../refuse.ts';

/** `medium` is what a model does by itself: nobody has to hear it, and whoever lacks the word can do it too. */
export function fromVerbosity(value: string | null | undefined, pointer: string): Verbosity | undefined {
  if (value === null || value === undefined || value === 'medium') return undefined;
  if (value === 'low' || value === 'high') return value;
  throw unsupported(pointer);
}
