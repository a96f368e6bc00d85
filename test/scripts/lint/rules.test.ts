import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool } from '../../../scripts/check/command.ts';
import house from '../../../scripts/lint/plugin.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = 'test/scripts/fixtures/lint';

interface Report {
  problems: { ruleId: string; message: string; location: { pointer: string }[] }[];
}

/** Each rule's fixtures stand in a folder of its name: good ones, and bad ones beside the text of what is found in them. */
describe('the house rules for specs', () => {
  const files = globSync(`${folder}/*/{good,bad}*.yaml`, { cwd: root }).sort();
  const reports = new Map<string, Report>();

  before(async () => {
    const args = ['lint', '--config', `${folder}/redocly.yaml`, '--format', 'json', '--max-problems', '1000', ...files];
    const { stdout } = await runTool(root, '@redocly/cli/bin/cli.js', args);
    // One JSON document a file, in their order, with nothing between them.
    const documents = stdout.trim().split(/(?<=^\})(?=\{)/m);
    for (const [index, file] of files.entries()) reports.set(file, JSON.parse(documents[index] ?? ''));
  });

  for (const file of files) {
    const rule = file.slice(folder.length + 1).split('/')[0] ?? '';
    const found = () => reports.get(file)?.problems.filter(({ ruleId }) => ruleId === `house/${rule}`) ?? [];

    if (file.includes('/good')) {
      it(`${rule} passes ${file}`, () => assert.deepEqual(found(), []));
    } else {
      it(`${rule} finds what is bad in ${file}`, () => {
        const text = found().map(({ message, location }) => `${location[0]?.pointer}\n  ${message}\n`);
        assert.equal(text.join(''), readFileSync(join(root, file.replace('.yaml', '.txt')), 'utf8'));
      });
    }
  }

  it('has a good and a bad fixture for every rule', () => {
    const { oas3, async3 } = house().rules;
    for (const rule of Object.keys({ ...oas3, ...async3 })) {
      for (const kind of ['good', 'bad']) {
        assert.ok(
          files.some((file) => file.startsWith(`${folder}/${rule}/${kind}`)),
          `${rule} has no ${kind} fixture`,
        );
      }
    }
  });
});
