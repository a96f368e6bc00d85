/**
 * What was released stays. The documents of a release are kept as `openapi/released/{openapi,asyncapi}.<date>.json`; today's
 * may only add to them, and what they add says since when (`x-added`).
 */
import { glob } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Outcome, runTool } from './command.ts';

interface Change {
  path: string;
  typeName: string;
  kind: 'added' | 'modified' | 'removed';
  impact: string;
  verdicts: { message: string }[];
  revision?: { value?: unknown };
}

export async function released(root: string): Promise<Outcome> {
  const problems: string[] = [];
  for await (const base of glob('openapi/released/*.json', { cwd: root })) {
    const revision = join('generated/specs', basename(base));
    problems.push(...(await compare(root, base, revision)).map((problem) => `${revision}: ${problem}\n`));
  }
  return { ok: problems.length === 0, output: problems.sort().join('') };
}

export async function compare(root: string, base: string, revision: string): Promise<string[]> {
  const args = ['diff', base, revision, '--config', 'redocly.diff.yaml', '--format', 'json', '--fail-on', 'none'];
  const { stdout } = await runTool(root, '@redocly/cli/bin/cli.js', args);
  const { changes }: { changes: Change[] } = JSON.parse(stdout);
  const broken = changes.filter(({ impact }) => impact === 'major');
  const unmarked = changes.filter((change) => change.kind === 'added' && !isMarked(change));
  return [
    ...broken.flatMap(({ path, verdicts }) => verdicts.map(({ message }) => `${message} (${path})`)),
    ...unmarked.map(({ path }) => `${path} was added and has no x-added`),
  ];
}

const marked = new Set(['Schema', 'Operation', 'PathItem', 'Parameter', 'Message']);

function isMarked({ typeName, revision }: Change): boolean {
  if (!marked.has(typeName)) return true;
  const { value } = revision ?? {};
  if (typeof value !== 'object' || value === null) return false;
  // A path is new with all its operations.
  const places: unknown[] = typeName === 'PathItem' ? Object.values(value).filter(isOperation) : [value];
  return places.every((place) => typeof place === 'object' && place !== null && 'x-added' in place);
}

function isOperation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'operationId' in value;
}
