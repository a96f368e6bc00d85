import type { Version } from './version.ts';

/** What changed from version to version, as a page made from the changes that the version folders undo. */
export function renderChangelog(versions: readonly Version[]): string {
  const sections = versions
    .slice(0, -1)
    .map((version, index) => renderStep(version, versions[index + 1]))
    .reverse();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Changelog</title>
<link rel="icon" href="data:,">
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222}nav a{margin-right:1rem}h3{margin-bottom:0}code{background:#f3f3f3;padding:0 .25em;border-radius:3px}</style>
</head>
<body>
<nav><a href="/docs">HTTP</a><a href="/docs/async">WebSocket and events</a><a href="/docs/changelog">Changelog</a></nav>
<h1>Changelog</h1>
${sections.join('\n')}
</body>
</html>
`;
}

function renderStep(from: Version, to: Version | undefined): string {
  const changes = from.changes.map(({ title, migration }) => `<h3>${toHtml(title)}</h3>\n<p>${toHtml(migration)}</p>`);
  return `<h2>${to?.date ?? ''} <small>from ${from.date}</small></h2>\n${changes.join('\n')}`;
}

function toHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`([^`]*)`/g, '<code>$1</code>');
}
