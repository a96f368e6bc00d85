/**
 * One name for one thing, on every file system: what becomes the name of a type is PascalCase, a path and a folder are
 * kebab-case. A file system that ignores case lets `Meta.yaml` and `meta.yaml` pass on one machine only.
 */

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Rule, reporter } from './rule.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const pascal = /^([A-Z][a-z0-9]*)+$/;

export const fileNames: Rule = () => ({
  ref: {
    enter(node: { $ref: string }, context) {
      if (!/^[^#]/.test(node.$ref)) return;
      const file = context.resolve(node).location?.source.absoluteRef;
      if (!file) return;
      const folders = relative(root, file).split(/[\\/]/);
      const name = (folders.pop() ?? '').replace(/\.yaml$/, '');
      const report = reporter(context);
      const isPath = folders.includes('paths');
      if (!(isPath ? kebab : pascal).test(name))
        report(`${name} is not ${isPath ? 'kebab-case' : 'PascalCase'}.`, '$ref');
      for (const folder of folders) {
        if (!kebab.test(folder)) report(`The folder ${folder} is not kebab-case.`, '$ref');
      }
    },
  },
});
