import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { FuzzRequest } from './arbitrary-request.ts';

/** Requests that were once answered wrongly, a file each. Every test run sends them again. */
const folder = new URL('../contract/corpus/', import.meta.url);

type Kept = Omit<FuzzRequest, 'body'> & { body: string | { base64: string } };

export function readCorpus(): { name: string; request: FuzzRequest }[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { body, ...head }: Kept = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
      const bytes = typeof body === 'string' ? body : Buffer.from(body.base64, 'base64');
      return { name, request: { ...head, body: bytes } };
    });
}

/** Answers the name of its file. */
export function keepRequest({ body, ...head }: FuzzRequest): string {
  const kept: Kept = {
    ...head,
    body: typeof body === 'string' ? body : { base64: Buffer.from(body).toString('base64') },
  };
  const text = `${JSON.stringify(kept, null, 2)}\n`;
  const name = `${hash('sha1', text).slice(0, 12)}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(name, folder), text);
  return name;
}
