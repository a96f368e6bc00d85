import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFixture } from './fixture.ts';

describe('generated/operations.ts', () => {
  let module: Record<string, unknown>;
  let remove: () => Promise<void>;

  before(async () => {
    const written = await writeFixture();
    remove = written.remove;
    module = await import(pathToFileURL(join(written.folder, 'operations.ts')).href);
  });

  after(() => remove());

  it('lists the versions, oldest first, with what is planned for them', () => {
    assert.deepEqual(module.apiVersions, [
      { date: '2026-03-01', family: 'v1', deprecated: '2026-11-01', sunset: '2027-11-01' },
      { date: '2026-11-01', family: 'v2' },
    ]);
  });

  it('routes what a version owns relative to /api, and the rest by its whole path', () => {
    assert.deepEqual(module.routes, {
      root: { '/health': { GET: 'getHealth' } },
      '2026-03-01': { '/notes': { GET: 'listNotes', POST: 'createNote' }, '/notes/{id}': { GET: 'getNote' } },
      '2026-11-01': { '/notes': { POST: 'createNote' } },
      vendor: { '/v1/things/{name}': { POST: 'changeThing' } },
    });
  });

  it('names the foreign shapes beside the versions', () => {
    assert.deepEqual(module.foreignNames, ['vendor']);
    assert.deepEqual(Object.keys(Object(module.operations)), ['2026-03-01', '2026-11-01', 'vendor']);
  });

  it('says all rules of an operation', () => {
    const tables = Object(module.operations);
    assert.deepEqual(tables['2026-03-01'].createNote, {
      method: 'POST',
      path: '/api/v1/notes',
      scopes: ['chat'],
      rateLimit: 1,
      timeoutMs: 60000,
      idempotent: 'key',
      bodyLimit: 2048,
      open: false,
      parameters: { path: [], query: [] },
      requestBody: { contentTypes: ['application/json'], required: true },
      answers: {
        '200': ['application/json', 'text/event-stream'],
        '204': [],
        '400': ['application/problem+json'],
        '500': ['application/problem+json'],
      },
      deprecatedMembers: { '/hint': { deprecated: '2026-05-01', sunset: '2027-01-01' }, '/tags/*/a~1b': {} },
    });
  });

  const members: [version: string, id: string, member: string, value: unknown][] = [
    ['2026-11-01', 'createNote', 'bodyLimit', 102_400],
    ['2026-03-01', 'getHealth', 'bodyLimit', 0],
    ['2026-03-01', 'getHealth', 'open', true],
    ['2026-03-01', 'getNote', 'parameters', { path: ['id'], query: [] }],
    ['2026-03-01', 'listNotes', 'parameters', { path: [], query: ['all', 'limit'] }],
    ['2026-03-01', 'listNotes', 'deprecated', true],
    ['2026-03-01', 'listNotes', 'sunset', '2027-01-01'],
    ['vendor', 'changeThing', 'path', '/v1/things/{name}'],
    ['vendor', 'changeThing', 'parameters', { path: ['name'], query: [] }],
  ];
  for (const [version, id, member, value] of members) {
    it(`gives ${id} of ${version} its ${member}`, () => {
      assert.deepEqual(Object(module.operations)[version][id][member], value);
    });
  }

  it('has each operation once in the document for the binder, at its newest path', () => {
    const { paths, components } = Object(module.openApiDocument);
    const security = [{ key: [] }];
    assert.deepEqual(paths, {
      '/api/v1/notes': { get: { operationId: 'listNotes', security, responses: {} } },
      '/api/v1/notes/{id}': { get: { operationId: 'getNote', security, responses: {} } },
      '/api/v2/notes': { post: { operationId: 'createNote', security, responses: {} } },
      '/health': { get: { operationId: 'getHealth', security: [], responses: {} } },
      '/v1/things/{name}': {
        post: { operationId: 'changeThing', security: [{ key: [] }, { header: [] }], responses: {} },
      },
    });
    assert.deepEqual(components.securitySchemes, {
      key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
      header: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key.' },
    });
  });

  it('says the rules of each frame that a client sends, and of no other', () => {
    const auth = { scopes: [], rateLimit: 0, timeoutMs: 5000, idempotent: 'natural' };
    assert.deepEqual(module.messages, { '2026-03-01': { auth }, '2026-11-01': { auth } });
  });
});
