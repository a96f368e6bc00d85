import assert from 'node:assert/strict';
import { createDocuments } from '../../src/handlers/documents.ts';
import { versions } from '../../src/versions/index.ts';

describe('the changelog', () => {
  let page: string;
  before(async () => {
    page = await createDocuments().changelog();
  });

  const toText = (html: string) =>
    html
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');

  for (const version of versions) {
    for (const { title, migration } of version.changes) {
      it(`tells “${title}” and how to move on from ${version.date}`, () => {
        const text = toText(page);
        assert.ok(text.includes(title.replaceAll('`', '')));
        assert.ok(text.includes(migration.replaceAll('`', '')));
      });
    }
  }

  it('names every version, and what each but the newest does differently', () => {
    for (const { date } of versions) assert.ok(page.includes(date), date);
    for (const { changes } of versions.slice(0, -1)) assert.ok(changes.length > 0);
    assert.equal(versions.at(-1)?.changes.length, 0);
  });
});
