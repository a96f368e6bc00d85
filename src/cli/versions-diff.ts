import { readFileSync } from 'node:fs';
import { loadConfig } from '../config/index.ts';
import type { Break } from './breaks/break.ts';
import type { ContractDocument } from './breaks/contract-document.ts';
import { findBreaks } from './breaks/find-breaks.ts';
import { Failure } from './failure.ts';
import { note, print, printJson, style, table } from './terminal.ts';
import { isLive, type KnownUse, nameOf, readUses } from './version-uses.ts';

/** A key that uses something that breaks. */
interface Hit {
  use: KnownUse;
  operations: Set<string>;
  /** Of its last use of any of them. */
  usedAt: number;
}

export async function showDiff(oldFile: string, newFile: string, { json }: { json?: boolean }): Promise<void> {
  const [old, revised] = [readDocument(oldFile), readDocument(newFile)];
  if ((old.openapi === undefined) !== (revised.openapi === undefined)) {
    throw new Failure('One is an OpenAPI document and the other an AsyncAPI document. Compare two of a kind.');
  }
  const { version } = old.info;
  const breaks = findBreaks(old, revised);
  const uses = breaks.length === 0 ? [] : await readUses(loadConfig());
  const live = uses.filter((use) => use.version === version && isLive(use, Date.now()));
  const hits = findHits(breaks, live);
  if (breaks.length > 0) process.exitCode = 1;
  if (json) return printJson({ version, breaks: breaks.map((one) => toEntry(one, live)), keys: hits.map(toKey) });
  if (breaks.length === 0) return note(`Nothing breaks for clients of ${version}.`);
  print(toText(breaks));
  if (hits.length === 0) return note(`\nNo key has used any of this in ${version}.`);
  print(`\n${hits.length === 1 ? 'One key uses' : `${hits.length} keys use`} what breaks:\n\n${toTable(hits)}`);
}

function readDocument(file: string): ContractDocument {
  let document: ContractDocument;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new Failure(`${file} ${why}. A running gateway gives its documents at /openapi.json and /asyncapi.json.`);
  }
  if (typeof document?.info?.version === 'string' && (document.openapi ?? document.asyncapi)) return document;
  throw new Failure(`${file} is no OpenAPI or AsyncAPI document.`);
}

function findHits(breaks: readonly Break[], uses: readonly KnownUse[]): Hit[] {
  const hits = new Map<string, Hit>();
  for (const one of breaks) {
    for (const use of usesOf(one, uses)) {
      const hit = hits.get(use.keyId) ?? { use, operations: new Set(), usedAt: 0 };
      hit.operations.add(use.operation);
      hit.usedAt = Math.max(hit.usedAt, use.usedAt);
      hits.set(use.keyId, hit);
    }
  }
  return [...hits.values()].toSorted((a, b) => b.usedAt - a.usedAt);
}

/** Who sends a member is counted once it is deprecated; before, everybody who uses the operation may be one of them. */
function usesOf({ operation, member }: Break, uses: readonly KnownUse[]): KnownUse[] {
  return uses.filter((use) => use.operation === operation && use.member === member);
}

function toText(breaks: readonly Break[]): string {
  const byPlace = Map.groupBy(breaks, ({ place }) => place);
  return [...byPlace]
    .map(([place, found]) => `${style('bold', place)}\n${found.map((one) => `  ${toLine(one)}`).join('\n')}`)
    .join('\n');
}

function toLine({ side, pointer, message }: Break): string {
  if (side === 'access') return message;
  return `${[side, pointer].filter(Boolean).join(' ')} ${message}`;
}

function toTable(hits: readonly Hit[]): string {
  return table(
    ['LAST USE', 'USER', 'PREFIX', 'ID', 'KEY', 'USES'],
    hits.map(({ use, operations, usedAt }) => [
      new Date(usedAt).toISOString().slice(0, 10),
      use.user,
      use.key?.prefix ?? '',
      use.keyId,
      nameOf(use),
      [...operations].sort().join(', '),
    ]),
  );
}

function toEntry(one: Break, uses: readonly KnownUse[]): Record<string, unknown> {
  const { operation, place, side, pointer, message } = one;
  return { operation, place, side, pointer, message, keys: usesOf(one, uses).map(({ keyId }) => keyId) };
}

function toKey({ use, operations, usedAt }: Hit): Record<string, unknown> {
  return {
    id: use.keyId,
    name: nameOf(use),
    ...(use.key ? { prefix: use.key.prefix } : {}),
    user: use.user,
    operations: [...operations].sort(),
    usedAt: new Date(usedAt).toISOString(),
  };
}
