import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasNestedRepetition } from '../../../scripts/lint/safe-patterns.ts';

const generated = fileURLToPath(new URL('../../../generated', import.meta.url));
const size = 65_536;
const allowedMs = 10;

describe('hasNestedRepetition', () => {
  const cases: [pattern: string, nested: boolean][] = [
    ['^(a+)+$', true],
    ['^(?:a*b)*$', true],
    ['^((a{2,})b)+$', true],
    ['^(a|b)+$', true],
    ['^(a+)?$', false],
    ['^(a+){1,3}$', false],
    ['^[a+]+$', false],
    ['^[(+]+[)]*$', false],
    ['^\\(a+\\)+$', false],
    ['^(ab)+$', false],
  ];
  for (const [pattern, nested] of cases) {
    it(`says ${nested} of ${pattern}`, () => assert.equal(hasNestedRepetition(pattern), nested));
  }
});

describe('every pattern of the contract', () => {
  const patterns = new Set(
    globSync(['specs/*.json', 'config.schema.json'], { cwd: generated }).flatMap((file) =>
      collect(JSON.parse(readFileSync(join(generated, file), 'utf8'))),
    ),
  );

  it('is found', () => assert.ok(patterns.size > 5));

  for (const pattern of patterns) {
    it(`stays under ${allowedMs} ms on hostile text: ${pattern}`, () => {
      const expression = new RegExp(pattern, 'u');
      for (const text of hostileTexts(pattern)) {
        const ms = Math.min(time(expression, text), time(expression, text), time(expression, text));
        assert.ok(ms <= allowedMs, `${ms.toFixed(1)} ms on ${JSON.stringify(text.slice(0, 20))}…`);
      }
    });
  }
});

function time(expression: RegExp, text: string): number {
  const started = performance.now();
  expression.test(text);
  return performance.now() - started;
}

/** Long runs that nearly match: what the pattern names, repeated, after what it begins with, and a misfit at the end. */
function hostileTexts(pattern: string): string[] {
  const beginning = /^\^?((?:[A-Za-z0-9_/:-]|\?)*)/.exec(pattern)?.[1]?.replaceAll('?', '') ?? '';
  const named = new Set([...pattern.replaceAll(/[\^$\\[\](){}|?*+]/g, ''), 'a', 'A', '0', ' ', '=', '/', '.']);
  const units = [...named].flatMap((character) => [character, `${character}a`, `0${character}`]);
  return units.flatMap((unit) => {
    const run = unit.repeat(size / unit.length);
    return [`${run}\u0000`, `${beginning}${run}\u0000`];
  });
}

function collect(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'pattern' in value && typeof value.pattern === 'string' ? [value.pattern] : [];
  return [...own, ...Object.values(value).flatMap(collect)];
}
