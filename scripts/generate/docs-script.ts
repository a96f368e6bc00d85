/**
 * The script of the pages: Redoc as @redocly/cli brings it, and below it the few lines that start it. Redoc would fetch
 * a picture and icons from a CDN and report its readers to its maker; those addresses are taken out here, so that the
 * page stays silent even where no Content-Security-Policy is in force.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const name =
  "<svg xmlns='http://www.w3.org/2000/svg' width='44' height='14'><text y='11' font-size='12' fill='#6b8cc4'>Redoc</text></svg>";
const picture = `data:image/svg+xml,${encodeURIComponent(name)}`;

const outside: [address: string, instead: string][] = [
  ['https://cdn.redoc.ly/redoc/logo-mini-full.svg', picture],
  ['https://cdn.redoc.ly/redoc/logo-mini.svg', picture],
  ['https://cdn.redocly.com/icons/fa/7.0.0', ''],
  ['https://cdn.redocly.com/icons/code/5.24.0', ''],
  ['https://otel.cloud.redocly.com/v1/traces', ''],
];

/** The document is handed over as data, because Redoc offers to open an address in services that cannot reach it. */
const start = `
const page = document.getElementById('contract');
const answer = await fetch(page.dataset.spec);
init(await answer.json(), {
  disableTelemetry: true,
  hideLoading: true,
  downloadUrls: [
    { title: 'JSON', url: page.dataset.spec },
    { title: 'YAML', url: page.dataset.spec.replace('.json', '.yaml') },
  ],
  scrollYOffset: 48,
  showExtensions: ['x-scopes', 'x-rate-limit', 'x-timeout', 'x-idempotent', 'x-body-limit', 'x-added', 'x-sunset'],
}, page);
`;

export async function docsScript(): Promise<string> {
  const cli = dirname(createRequire(import.meta.url).resolve('@redocly/cli/package.json'));
  let script = await readFile(join(cli, 'lib/chunks/redoc.standalone.js'), 'utf8');
  for (const [address, instead] of outside) {
    // A new release of Redoc may speak to other places: whoever updates it looks again.
    if (!script.includes(address)) throw new Error(`Redoc no longer names ${address}; see what it asks for now.`);
    script = script.replaceAll(address, instead);
  }
  return `${script.trimEnd()}\n${start}`;
}
