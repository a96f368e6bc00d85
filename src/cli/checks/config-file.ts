import { statSync } from 'node:fs';
import { type Config, secretsOf } from '../../config/index.ts';
import type { Finding } from './finding.ts';

export function checkConfigFile(config: Config): Finding[] {
  const what = 'configuration';
  const findings: Finding[] = [
    { what, state: 'ok', found: config.file === undefined ? 'no file; environment and defaults hold' : config.file },
  ];
  if (config.file !== undefined && secretsOf(config).length > 0 && (statSync(config.file).mode & 0o077) !== 0) {
    findings.push({
      what,
      state: 'attention',
      found: 'other users of this machine may read the file',
      fix: `If it holds secrets: chmod 600 ${config.file}`,
    });
  }
  if (!config.webhooks.verifySignature) {
    findings.push({
      what,
      state: 'attention',
      found: 'webhook signatures are not verified',
      fix: 'Set gateway.webhooks.verifySignature to true for anything but trying out.',
    });
  }
  return findings;
}
