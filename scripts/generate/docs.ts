/** Pages to read the specs, served from our own origin alone: no CDN, no fonts, no reports about readers. */
import type { Contract } from './bundle.ts';
export function docs(_: Contract, __: string): Record<string, string> {
  return {};
}
