/**
 * `npm run generate`: writes `generated/` from the contract. `--out <folder>` writes elsewhere, `--root <folder>` reads a
 * contract that stands elsewhere.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { render } from './generate/render.ts';
import { writeFiles } from './generate/write.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' }, root: { type: 'string', default: here } } });
const started = performance.now();
const files = await render(resolve(values.root));
const changed = await writeFiles(files, resolve(values.out ?? join(values.root, 'generated')));
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`${Object.keys(files).length} files generated, ${changed} changed, in ${seconds} s\n`);
