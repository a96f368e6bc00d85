import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiDocument } from '../../../scripts/generate/bundle.ts';
import { readContract } from '../../../scripts/generate/bundle.ts';
import type { Message, Operation, Parameter, Schema } from '../../../scripts/generate/documents.ts';
import { errorCatalogue } from '../../../scripts/generate/error-catalogue.ts';
import { operations } from '../../../scripts/generate/operations.ts';
import { requestValidators } from '../../../scripts/generate/request-validators.ts';
import { fixtureRoot } from './fixture.ts';

const rules = { 'x-scopes': [], 'x-rate-limit': 0, 'x-timeout': 1, 'x-idempotent': 'natural' };

interface Parts {
  paths?: Record<string, { get?: Operation; post?: Operation }>;
  messages?: Record<string, Message>;
  schemas?: Record<string, Schema>;
  asyncSchemas?: Record<string, Schema>;
}

function contractOf({ paths = {}, messages = {}, schemas = {}, asyncSchemas = {} }: Parts): ApiDocument {
  const info = { title: 't', version: '2026-03-01' };
  return {
    name: '2026-03-01',
    family: 'v1',
    openapi: { openapi: '3.1.1', info, paths, components: { schemas } },
    asyncapi: { asyncapi: '3.0.0', info, components: { schemas: asyncSchemas, messages } },
  };
}

function getWith(members: Partial<Operation>): Parts {
  return { paths: { '/a': { get: { operationId: 'getA', responses: {}, ...rules, ...members } } } };
}

function parameter(place: string, schema: Schema): Parts {
  const parameters: Parameter[] = [{ name: 'x-a', in: place, schema }];
  return getWith({ parameters });
}

describe('a contract that cannot be generated from', () => {
  const frame = (type: string): Message => ({
    'x-direction': 'server',
    payload: { properties: { type: { const: type } } },
  });
  const cases: [name: string, parts: Parts, message: RegExp][] = [
    [
      'an operation without a name',
      { paths: { '/a': { get: { responses: {} } } } },
      /GET \/a of 2026-03-01 has no operationId/,
    ],
    [
      'an operation without a rule',
      getWith({ 'x-timeout': undefined, 'x-scopes': undefined } as never),
      /getA does not say its scopes, timeoutMs/,
    ],
    [
      'a path of another version',
      { paths: { '/api/v2/a': getWith({}).paths?.['/a'] ?? {} } },
      /\/api\/v2\/a is in the document of 2026-03-01/,
    ],
    ['a cookie', parameter('cookie', { type: 'string' }), /getA has a parameter that is in no path, query or header/],
    ['a header that is not text', parameter('header', { type: 'integer' }), /The header x-a of getA is not a string/],
    ['a message without a direction', { messages: { a: { payload: true } } }, /a of 2026-03-01 has no x-direction/],
    ['a message without a payload', { messages: { a: { 'x-direction': 'server' } } }, /a of 2026-03-01 has no payload/],
    [
      'two frames of one type',
      { messages: { a: frame('x'), b: frame('x') } },
      /Two messages of 2026-03-01 are a server's `x`/,
    ],
    [
      'a reference to nothing',
      getWith({ parameters: [{ $ref: '#/components/parameters/A', name: '', in: '' }] }),
      /components\/parameters\/A is not there/,
    ],
    [
      'two schemas of one name',
      { schemas: { A: { type: 'string' } }, asyncSchemas: { A: { type: 'object' } } },
      /each have their own schema A/,
    ],
    [
      'an error without an entry',
      { schemas: { ErrorCode: { enum: ['A', 'B'], 'x-errors': { A: {}, C: {} } } } },
      /differ in B, C/,
    ],
    [
      'bodies of two schemas',
      getWith({
        requestBody: { content: { 'application/json': { schema: true }, 'application/a+json': { schema: false } } },
      }),
      /getA takes bodies of several schemas/,
    ],
  ];

  for (const [name, parts, message] of cases) {
    it(`says so of ${name}`, () => {
      const document = contractOf({ schemas: { ErrorCode: { enum: [], 'x-errors': {} } }, ...parts });
      assert.throws(() => {
        operations({ documents: [document], config: {} });
        requestValidators(document);
        errorCatalogue({ documents: [document], config: {} });
      }, message);
    });
  }
});

describe('readContract', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gateway-contract-'));
    await cp(fixtureRoot, root, { recursive: true });
  });

  afterEach(() => rm(root, { recursive: true }));

  async function edit(file: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(root, file), 'utf8');
    assert.ok(text.includes(from));
    await writeFile(join(root, file), text.replace(from, to));
  }

  it('refuses a version without frames', async () => {
    await edit('asyncapi/v2/asyncapi.yaml', '2026-11-01', '2026-12-01');
    await assert.rejects(readContract(root), /There is no AsyncAPI document of version 2026-11-01/);
  });

  it('refuses two files that would be one type', async () => {
    await edit('openapi/schemas/v1/NoteList.yaml', 'Note.yaml', '../v2/Note.yaml');
    await assert.rejects(readContract(root), /Version 2026-03-01 uses two files called Note\.yaml/);
  });

  it('says what the bundler says of a reference to nothing', async () => {
    await edit('openapi/schemas/v1/NoteList.yaml', 'Note.yaml', 'Gone.yaml');
    await assert.rejects(readContract(root), /The specs cannot be bundled.*Gone\.yaml/s);
  });

  it('reads foreign shapes beside the versions', async () => {
    await cp(join(root, 'openapi/v2/openapi.yaml'), join(root, 'openapi/compat/openai.yaml'));
    const { documents } = await readContract(root);
    assert.deepEqual(
      documents.map(({ name, family }) => [name, family]),
      [
        ['2026-03-01', 'v1'],
        ['2026-11-01', 'v2'],
        ['openai', undefined],
        ['vendor', undefined],
      ],
    );
  });

  it('refuses two files of a foreign shape that would be one type', async () => {
    await edit(
      'openapi/compat/vendor.yaml',
      'type: object\n                description: A thing.',
      'type: object\n                allOf: [{ $ref: ../schemas/Health.yaml }, { $ref: vendor/schemas/Health.yaml }]\n                description: A thing.',
    );
    await cp(join(root, 'openapi/schemas/v1/Hint.yaml'), join(root, 'openapi/compat/vendor/schemas/Health.yaml'));
    await assert.rejects(readContract(root), /vendor uses two files called Health\.yaml/);
  });
});
