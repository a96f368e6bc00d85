import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own, and what takes it away again. */
export function makeTemporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
