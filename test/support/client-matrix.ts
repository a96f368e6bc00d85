/**
 * Which client does what with a provider of which type, as the clients' own scenarios find it. A cell is made of the tests
 * that are declared for it; README.md shows the whole table, `readme.test.ts` holds it and
 * `node scripts/record-clients.ts` writes it anew.
 */
import { models, type ProviderType } from './client-subject.ts';

const clients = ['openai', '@anthropic-ai/sdk', 'ai + @ai-sdk/openai', 'ai + @ai-sdk/anthropic'] as const;
const features = ['chat', 'stream', 'tools', 'images', 'structured output', 'errors', 'abort'] as const;

export type Client = (typeof clients)[number];
export type Feature = (typeof features)[number];

const cells = new Map<string, Mocha.Test[]>();

/** Declares tests of one client with one type of provider: each with the feature that it shows. */
export function cellsOf(client: Client, provider: ProviderType) {
  return (feature: Feature, title: string, body: () => Promise<void>): void => {
    const name = nameOf(client, provider, feature);
    cells.set(name, [...(cells.get(name) ?? []), it(`${feature}: ${title}`, body)]);
  };
}

/** The table's rows with their head, from the tests that have run so far. */
export function clientMatrix(): string[][] {
  const rows = clients.flatMap((client) =>
    Object.keys(models).map((provider) => [
      codes(client),
      codes(provider),
      ...features.map((feature) => markOf(cells.get(nameOf(client, provider, feature)))),
    ]),
  );
  return [['Client', 'Provider', ...features.map((feature) => feature[0]?.toUpperCase() + feature.slice(1))], ...rows];
}

function nameOf(client: string, provider: string, feature: string): string {
  return [client, provider, feature].join(' × ');
}

/** ✓ when all tests of the cell passed, ✗ when one failed, – when one was not run or there is none. */
function markOf(tests: readonly Mocha.Test[] = []): string {
  if (tests.some(({ state }) => state === 'failed')) return '✗';
  return tests.length > 0 && tests.every(({ state }) => state === 'passed') ? '✓' : '–';
}

function codes(name: string): string {
  return name
    .split(' + ')
    .map((part) => `\`${part}\``)
    .join(' + ');
}
