/**
 * What changed from version to version: the changes that the older version's folder undoes, the operations against those
 * of the version before, and what was added to a version afterwards, as marked with `x-added`.
 */
import type { ApiDocument } from './bundle.ts';
import { escapeHtml } from './docs-page.ts';
import { listOperations } from './operation-list.ts';

/** What a version's folder says of one change: a title, and how a client moves on. */
export interface VersionChange {
  title: string;
  migration: string;
}

/** `undone` holds the changes by the date of the version that undoes them. */
export function changelog(documents: ApiDocument[], undone: ReadonlyMap<string, readonly VersionChange[]>): string {
  const versions = documents.filter(({ family }) => family);
  const sections = versions.map((document, index) => {
    const before = versions[index - 1];
    return section(document, before, (before && undone.get(before.name)) ?? []);
  });
  return `<h1>Changes</h1>\n${sections.reverse().join('')}`;
}

function section(document: ApiDocument, before: ApiDocument | undefined, changes: readonly VersionChange[]): string {
  const { name, family, openapi } = document;
  const retirement = [
    ...(openapi.info['x-deprecated'] ? [`Deprecated since ${openapi.info['x-deprecated']}.`] : []),
    ...(openapi.info['x-sunset'] ? [`Gone after ${openapi.info['x-sunset']}.`] : []),
  ];
  return [
    `<h2 id="${name}">${name} (${family})</h2>\n`,
    list(retirement.map(escapeHtml)),
    changes.map(({ title, migration }) => `<h3>${markCode(title)}</h3>\n<p>${markCode(migration)}</p>\n`).join(''),
    before ? comparison(document, before) : '',
    additions(document),
  ].join('');
}

function comparison(document: ApiDocument, before: ApiDocument): string {
  const now = operationsOf(document);
  const then = operationsOf(before);
  const added = [...now].filter(([id]) => !then.has(id)).map(([, path]) => `new: <code>${path}</code>`);
  const removed = [...then].filter(([id]) => !now.has(id)).map(([, path]) => `gone: <code>${path}</code>`);
  return list([...added, ...removed]);
}

function operationsOf(document: ApiDocument): Map<string, string> {
  return new Map(listOperations(document).map(({ id, method, path }) => [id, escapeHtml(`${method} ${path}`)]));
}

/** By date, newest first. */
function additions({ name, openapi, asyncapi }: ApiDocument): string {
  const byDate = new Map<string, Set<string>>();
  collect(openapi, [], byDate);
  collect(asyncapi ?? {}, [], byDate);
  const dates = [...byDate].filter(([date]) => date > name).sort(([a], [b]) => (a < b ? 1 : -1));
  return dates
    .map(([date, places]) => `<h3>Added to ${name} on ${escapeHtml(date)}</h3>\n${list([...places].sort().map(code))}`)
    .join('');
}

function collect(value: unknown, path: string[], found: Map<string, Set<string>>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('x-added' in value) {
    const date = String(value['x-added']);
    found.set(date, (found.get(date) ?? new Set()).add(placeName(path)));
  }
  for (const [key, below] of Object.entries(value)) collect(below, [...path, key], found);
}

/** `paths./api/v1/keys.post` → `POST /api/v1/keys`; `components.schemas.Usage.properties.cost` → `Usage.cost`. */
function placeName(path: string[]): string {
  const [section, first, ...rest] = path;
  if (section === 'paths') {
    const [method = '', ...below] = rest;
    return [method.toUpperCase(), first, ...below].join(' ').trim();
  }
  if (section === 'webhooks') return `answer to a callback: ${first ?? ''}`;
  const names = section === 'components' ? rest : [first ?? '', ...rest];
  return names.filter((step) => !structural.has(step)).join('.');
}

const structural = new Set(['properties', 'items', 'allOf', 'oneOf', 'anyOf', 'schema', 'content']);

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

/** Titles and notes are Markdown, of which sentences need nothing but code. */
function markCode(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function list(items: string[]): string {
  return items.length === 0 ? '' : `<ul>\n${items.map((item) => `<li>${item}</li>\n`).join('')}</ul>\n`;
}
