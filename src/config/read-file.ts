import { readFileSync } from 'node:fs';
import json5 from 'json5';
import type { ConfigProblem } from './config-error.ts';

const largest = 1024 * 1024;

/** The text and what it says, or the problem. `undefined` when there is no such file. */
export function readConfigFile(
  file: string,
): { text: string; value: unknown } | { problem: ConfigProblem } | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return { problem: { file, reason: `The file cannot be read: ${readFaults[code] ?? code}` } };
  }
  if (bytes.length > largest) return { problem: { file, reason: 'The file is larger than 1 MiB' } };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, value: json5.parse<unknown>(text) };
  } catch (error) {
    return { problem: { file, ...syntaxProblem(error) } };
  }
}

const readFaults: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EISDIR: 'it is a folder',
};

function syntaxProblem(error: unknown): Omit<ConfigProblem, 'file'> {
  if (!(error instanceof SyntaxError)) return { reason: 'The file is not UTF-8 text' };
  const line = 'lineNumber' in error ? error.lineNumber : undefined;
  const column = 'columnNumber' in error ? error.columnNumber : undefined;
  const what = error.message.includes('end of input') ? 'it ends too early' : 'something else was expected';
  return {
    ...(typeof line === 'number' ? { line } : {}),
    reason: `The file is not JSON5: ${what}${typeof column === 'number' ? ` at column ${column}` : ''}`,
    suggestion: 'Look for a missing comma, quotation mark or brace, there or just before.',
  };
}
