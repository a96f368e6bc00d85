/**
 * Patterns meet text that strangers choose. One with a repetition inside a repetition, as in `(a+)+$`, can take longer
 * than the universe for forty characters; so can one whose alternatives begin alike. Ajv runs them with the `u` flag,
 * which also refuses some that work without it.
 */
import { isSchemaObject, type Rule, reporter } from './rule.ts';

export const safePatterns: Rule = () => ({
  Schema(schema: unknown, context) {
    if (!isSchemaObject(schema)) return;
    const report = reporter(context);
    if (typeof schema.pattern === 'string') check(schema.pattern, (message) => report(message, 'pattern'));
    for (const pattern of Object.keys(schema.patternProperties ?? {})) {
      check(pattern, (message) => report(message, 'patternProperties', pattern));
    }
  },
});

function check(pattern: string, report: (message: string) => void): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    report(`The pattern does not compile: ${String(error)}`);
    return;
  }
  if (hasNestedRepetition(pattern)) report('The pattern repeats a group that repeats something itself.');
}

/** True when a group that repeats without end holds a repetition without end, or a choice. */
export function hasNestedRepetition(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\./gs, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  const groups: { repeats: boolean }[] = [];
  for (let index = 0; index < plain.length; index++) {
    const rest = plain.slice(index);
    if (plain[index] === '(') groups.push({ repeats: false });
    if (plain[index] === '|' || isEndless(rest)) markAll(groups);
    if (plain[index] === ')' && groups.pop()?.repeats && isEndless(rest.slice(1))) return true;
  }
  return false;
}

function markAll(groups: { repeats: boolean }[]): void {
  for (const group of groups) group.repeats = true;
}

function isEndless(rest: string): boolean {
  return /^(?:[*+]|\{\d+,\})/.test(rest);
}
