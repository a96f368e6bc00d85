import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inStep } from '../../../scripts/check/in-step.ts';
import { compare } from '../../../scripts/check/released.ts';
import { unusedFiles } from '../../../scripts/check/unused-files.ts';
import { writeFiles } from '../../../scripts/generate/write.ts';
import { fixtureRoot, renderFixture } from '../generate/fixture.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the steps of npm run check', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-check-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  describe('generated files are in step', () => {
    it('holds for what was just generated', async () => {
      await writeFiles(await renderFixture(), folder);
      assert.equal((await inStep(fixtureRoot, folder)).ok, true);
    });

    it('names each file that differs, is missing or is too many', async () => {
      const { 'operations.ts': _, ...files } = await renderFixture();
      await writeFiles({ ...files, 'errors.ts': 'edited', 'old.ts': '' }, folder);
      const { ok, output } = await inStep(fixtureRoot, folder);
      assert.equal(ok, false);
      assert.deepEqual(output.split('\n').slice(0, 3), [
        'errors.ts differs',
        'old.ts is no longer generated',
        'operations.ts is missing',
      ]);
    });
  });

  describe('spec files are all used', () => {
    it('follows references from the documents', async () => {
      assert.deepEqual(await unusedFiles(fixtureRoot), { ok: true, output: '' });
    });

    it('names a file that only an unused one refers to', async () => {
      await writeFiles(
        {
          'openapi/v1/openapi.yaml': '{ paths: { /a: { $ref: ../paths/a.yaml } } }',
          'openapi/paths/a.yaml': '{ get: { schema: { $ref: "../schemas/A.yaml#/properties/b" } } }',
          'openapi/schemas/A.yaml': '{}',
          'openapi/schemas/B.yaml': '{ $ref: C.yaml }',
          'openapi/schemas/C.yaml': '{ $ref: B.yaml }',
        },
        folder,
      );
      const { ok, output } = await unusedFiles(folder);
      assert.equal(ok, false);
      assert.equal(output, 'openapi/schemas/B.yaml is used nowhere\nopenapi/schemas/C.yaml is used nowhere\n');
    });
  });

  describe('released contract holds', () => {
    const text = { type: 'string' };
    const note = { type: 'object', properties: { state: { ...text, enum: ['open'] }, text } };
    const answer = (schema: object) => ({ '200': { description: 'd', content: { 'application/json': { schema } } } });
    const get = (properties: object = {}) => ({
      get: { summary: 's', responses: answer({ ...note, properties: { ...note.properties, ...properties } }) },
    });
    const post = (required: string[], values = ['x', 'y']) => {
      const schema = { type: 'object', required, properties: { a: { ...text, enum: values } } };
      return { post: { summary: 's', requestBody: { content: { 'application/json': { schema } } }, responses: {} } };
    };

    // What was released, what there is today, and what is wrong with that.
    const cases: [name: string, released: object | undefined, today: object | undefined, problems: RegExp[]][] = [
      ['nothing changed', get(), get(), []],
      ['an operation gone', { ...get(), ...post([]) }, get(), [/was removed/]],
      ['a member that a request now needs', post([]), post(['a']), [/became required: `a`/]],
      ['a member of another type', get(), get({ text: { type: 'boolean' } }), [/type/i]],
      ['a value gone that a request could have', post([]), post([], ['x']), [/lost values: 'y'/]],
      ['a new value in an answer', get(), get({ state: { ...text, enum: ['open', 'closed'] } }), []],
      ['a marked addition', get(), get({ at: { ...text, 'x-added': '2026-11-01' } }), []],
      [
        'an addition that says not since when',
        get(),
        get({ at: text }),
        [/properties\/at was added and has no x-added/],
      ],
      ['a new path that is marked', undefined, { get: { ...get().get, 'x-added': '2026-11-01' } }, []],
      ['a new path that is not', undefined, get(), [/was added and has no x-added/]],
    ];
    let found: string[];

    // All in one pair of documents, each at a path of its own, since most of the time goes into starting the tool.
    beforeEach(async () => {
      const write = async (file: string, paths: (object | undefined)[]) => {
        const entries = paths.map((item, index) => [`/case-${index}-`, item && withIds(item, index)]);
        const document = { openapi: '3.1.1', info: { title: 't', version: '1' }, paths: Object.fromEntries(entries) };
        await writeFile(join(folder, file), JSON.stringify(document));
        return join(folder, file);
      };
      const base = await write(
        'base.json',
        cases.map(([, released]) => released),
      );
      const revision = await write(
        'revision.json',
        cases.map(([, , today]) => today),
      );
      found ??= await compare(root, base, revision);
    });

    function withIds(item: object, index: number): object {
      const entries = Object.entries(item).map(([method, operation]) => {
        return [method, { operationId: `${method}${index}`, ...operation }];
      });
      return Object.fromEntries(entries);
    }

    for (const [index, [name, , , problems]] of cases.entries()) {
      it(`${problems.length === 0 ? 'lets pass' : 'finds'} ${name}`, () => {
        const own = found.filter((problem) => problem.includes(`case-${index}-`));
        assert.equal(own.length, problems.length, own.join('\n'));
        for (const [place, problem] of problems.entries()) assert.match(own[place] ?? '', problem);
      });
    }
  });
});
