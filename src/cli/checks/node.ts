import type { Finding } from './finding.ts';

export function checkNode(version: string): Finding {
  return Number.parseInt(version, 10) >= 24
    ? { what: 'node', state: 'ok', found: version }
    : { what: 'node', state: 'broken', found: version, fix: 'Run `npm install`, which brings Node 24.' };
}
