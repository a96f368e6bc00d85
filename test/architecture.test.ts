import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The plan: a room, what it may import of other rooms, and which packages live there: nowhere that does not name them. */
const plan: Record<string, { imports: string[]; packages?: string[] }> = {
  generated: { imports: [], packages: ['ajv', 'ajv-formats'] },
  'src/core': { imports: ['generated'] },
  'src/dialects': { imports: ['generated', 'src/core'] },
  'src/handlers': { imports: ['generated', 'src/core', 'src/dialects'] },
  'src/versions': { imports: ['generated', 'src/core', 'src/handlers'] },
  'src/system': { imports: ['src/core'] },
  'src/telemetry': { imports: ['src/core'], packages: ['pino', 'pino-pretty', 'prom-client'] },
  'src/coordination/memory': { imports: ['src/core'], packages: ['rate-limiter-flexible'] },
  'src/storage/sqlite': { imports: ['src/core'], packages: ['node:sqlite'] },
  'src/providers/wire': { imports: ['src/core'], packages: ['undici', 'eventsource-parser'] },
  'src/providers/echo': { imports: ['src/core'] },
  'src/providers/openai': { imports: ['src/core', 'src/providers/wire'] },
  'src/providers/anthropic': { imports: ['src/core', 'src/providers/wire'] },
  'src/providers/ai-sdk': { imports: ['src/core', 'src/providers/wire'], packages: ['@ai-sdk/provider'] },
  'src/channels/wire': { imports: ['src/core'], packages: ['undici', 'marked'] },
  'src/channels/telegram': { imports: ['src/core', 'src/channels/wire'] },
  'src/channels/discord': { imports: ['src/core', 'src/channels/wire'] },
  'src/channels/slack': { imports: ['src/core', 'src/channels/wire'] },
  'src/channels/webhook': { imports: ['src/core', 'src/channels/wire'] },
  'src/transports/node-http.ts': { imports: [] },
  'src/transports/http': {
    imports: ['generated', 'src/core', 'src/dialects', 'src/handlers', 'src/versions', 'src/transports/node-http.ts'],
    packages: ['express', 'openapi-backend', 'helmet'],
  },
  'src/transports/ws': {
    imports: ['generated', 'src/core', 'src/handlers', 'src/versions', 'src/transports/node-http.ts'],
    packages: ['ws'],
  },
  'src/config': { imports: ['generated'], packages: ['json5'] },
  'src/cli': { imports: ['src/config', 'src/core', 'src/server.ts'], packages: ['commander'] },
  'src/server.ts': { imports: ['*'] },
};

const files = globSync(['src/**/*.{ts,mjs}', 'generated/**/*.{ts,js}'], { exclude: ['generated/docs/**'] }).sort();
const imports = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(importPattern())].map((m) => ({ file, target: m[1] ?? m[2] ?? '' })),
);

function importPattern(): RegExp {
  return /(?:^|[\n;])\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
}

function roomOf(path: string): string | undefined {
  return Object.keys(plan)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

describe('architecture', () => {
  it('has a planned room for every file', () => {
    assert.deepEqual(
      files.filter((file) => !roomOf(file)),
      [],
    );
  });

  it('imports one way', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!target.startsWith('.')) return false;
      const from = roomOf(file) ?? '';
      const to = roomOf(relative('.', join(dirname(file), target))) ?? target;
      return (
        from !== to && target !== '../package.json' && !plan[from]?.imports.some((room) => room === '*' || room === to)
      );
    });
    assert.deepEqual(wrong, []);
  });

  it('is what ARCHITECTURE.md shows, which names nothing else', () => {
    const page = readFileSync('ARCHITECTURE.md', 'utf8');
    const map = /```\n(.*?)```/s.exec(page)?.[1] ?? '';
    const unnamed = Object.keys(plan).filter((room) => {
      const [, name = '', part = ''] = /^(generated|src\/[^/]+)(?:\/(.+))?$/.exec(room) ?? [];
      const line = map.split('\n').find((text) => text.startsWith(name));
      return !line || !new RegExp(`\\b${part}\\b`).test(line.slice(name.length));
    });
    assert.deepEqual(unnamed, []);
    const paths = [...page.matchAll(/`((?:src|test|openapi|docs|generated)\/[^`]*)`/g)].map(([, path = '']) => path);
    assert.deepEqual(
      paths.filter((path) => !existsSync(path)),
      [],
    );
  });

  it('keeps each package in its room', () => {
    const known = new Set(Object.values(plan).flatMap(({ packages = [] }) => packages));
    const wrong = imports.filter(({ file, target }) => {
      const name = target.startsWith('node:')
        ? target
        : target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/');
      return known.has(name) ? !plan[roomOf(file) ?? '']?.packages?.includes(name) : !/^(\.|node:)/.test(target);
    });
    assert.deepEqual(wrong, []);
  });

  it('has no circles', () => {
    const graph = new Map<string, string[]>();
    for (const { file, target } of imports) {
      if (target.startsWith('.'))
        graph.set(file, [...(graph.get(file) ?? []), relative('.', join(dirname(file), target))]);
    }
    const done = new Set<string>();
    const visit = (file: string, path: string[]): string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      const circle = (graph.get(file) ?? []).map((next) => visit(next, [...path, file])).find((found) => found);
      done.add(file);
      return circle;
    };
    assert.deepEqual(
      files.map((file) => visit(file, [])).find((circle) => circle),
      undefined,
    );
  });

  it('reads the environment in src/config only', () => {
    const readers = files.filter(
      (file) => /process\.env/.test(readFileSync(file, 'utf8')) && roomOf(file) !== 'src/config',
    );
    assert.deepEqual(readers, []);
  });
});
