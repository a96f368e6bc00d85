/**
 * What breaks for clients of one document when it becomes another, operation by operation and frame by frame. Each is
 * looked at with the shapes that it refers to, and in the direction in which it uses them, because that decides whom a
 * change breaks. `npm run check` asks `redocly diff`, which tells of a shared shape once, at the first place it finds;
 * besides, it is not there where the gateway was installed without its tools.
 */
import type { Break } from './break.ts';
import { compareMessages } from './compare-messages.ts';
import { compareOperations } from './compare-operations.ts';
import type { ContractDocument } from './contract-document.ts';

export function findBreaks(old: ContractDocument, revised: ContractDocument): Break[] {
  const found = old.openapi === undefined ? compareMessages(old, revised) : compareOperations(old, revised);
  // The answers of an operation share their shapes, failures above all.
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}
