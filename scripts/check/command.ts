import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Outcome {
  ok: boolean;
  /** What there is to read when it is not ok. */
  output: string;
}

export interface ToolOutcome extends Outcome {
  /** Without what it said on stderr. */
  stdout: string;
}

/** Runs a tool of `node_modules` under this very Node; whatever `node` the shell would find may be older. */
export function runTool(root: string, tool: string, args: string[]): Promise<ToolOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    });
    let output = '';
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output, stdout }));
  });
}
