/** Pages to read the specs, served from our own origin alone: no CDN, no fonts, no reports about readers. */
import type { ApiDocument, Contract } from './bundle.ts';
import { changelog } from './changelog.ts';
import { docsPage, type PageKind } from './docs-page.ts';
import { docsScript } from './docs-script.ts';
import type { Info } from './documents.ts';
import { versionChanges } from './version-changes.ts';

export async function docs({ documents }: Contract): Promise<Record<string, string>> {
  const body = `<main class="text">\n${changelog(documents, await versionChanges(documents))}</main>`;
  const files: Record<string, string> = {
    'docs/redoc.standalone.js': await docsScript(),
    'docs/changelog.html': docsPage({ kind: 'docs/changelog', title: 'Changes', body }, documents),
  };
  for (const document of documents) {
    const { name, openapi, asyncapi } = document;
    files[`docs/openapi.${name}.html`] = specPage('docs', 'openapi', document, openapi.info, documents);
    if (asyncapi)
      files[`docs/asyncapi.${name}.html`] = specPage('docs/async', 'asyncapi', document, asyncapi.info, documents);
  }
  return files;
}

function specPage(kind: PageKind, spec: string, { name }: ApiDocument, info: Info, documents: ApiDocument[]): string {
  const body = `<div id="contract" data-spec="/${spec}.json?version=${name}"></div>
<noscript><main class="text">This page needs JavaScript. The document itself: <a href="/${spec}.yaml?version=${name}">/${spec}.yaml</a></main></noscript>
<script type="module" src="/docs/redoc.standalone.js"></script>`;
  return docsPage({ kind, version: name, title: `${info.title} ${info.version}`, body }, documents);
}
