import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ran {
  code: number | null;
  output: string;
  /** What went to stderr. */
  complaints: string;
}

/** Runs Node with these arguments and nothing of our own environment, and waits for its end. */
export async function runNode(
  words: readonly string[],
  { environment = {}, input = '' }: { environment?: Record<string, string>; input?: string } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, words, { env: { PATH: process.env.PATH, NO_COLOR: '1', ...environment } });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output, complaints };
}
