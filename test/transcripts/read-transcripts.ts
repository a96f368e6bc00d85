import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTranscript, type Transcript } from './transcript.ts';

const folder = fileURLToPath(new URL('../fixtures/transcripts', import.meta.url));

export async function readTranscripts(version: string): Promise<(Transcript & { file: string })[]> {
  const files = await readdir(join(folder, version));
  return Promise.all(
    files.sort().map(async (name) => {
      const file = join(folder, version, name);
      return { ...parseTranscript(basename(name, '.txt'), await readFile(file, 'utf8')), file };
    }),
  );
}
