import assert from 'node:assert/strict';
import { foreignNames } from '../../generated/operations.ts';
import { createDocuments } from '../../src/handlers/documents.ts';
import { isError } from '../support/is-error.ts';

describe('documents', () => {
  const documents = createDocuments();

  for (const name of foreignNames) {
    it(`has the document of ${name} in both formats, and a page of it`, async () => {
      const { paths } = JSON.parse(await documents.specification('openapi', 'json', name));
      assert.ok(Object.keys(paths).every((path) => path.startsWith('/v1/')));
      assert.match(await documents.specification('openapi', 'yaml', name), /^openapi: 3\.1/m);
      assert.ok((await documents.page('openapi', name)).includes(`data-spec="/openapi.json?version=${name}"`));
    });

    it(`has no frames of ${name}`, () =>
      assert.rejects(
        async () => documents.specification('asyncapi', 'json', name),
        isError('UNSUPPORTED_API_VERSION'),
      ));
  }

  it('is the newest version’s where none is named', async () => {
    const { info } = JSON.parse(await documents.specification('openapi', 'json', undefined));
    assert.equal(info['x-family'], 'v2');
  });

  it('knows no other name', () =>
    assert.rejects(async () => documents.page('openapi', '../specs/openapi'), isError('UNSUPPORTED_API_VERSION')));
});
