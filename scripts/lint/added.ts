/**
 * A version's date promises what was there on that day. What came later says when (`x-added`), so that a client of an
 * older gateway can see why it lacks something; a date before the version's own, or none at all, would say nothing.
 * That nothing later goes unmarked is checked against the released documents by `npm run check`.
 */
import type { Info } from '../generate/documents.ts';
import { type Rule, reporter } from './rule.ts';

export const added: Rule = () => {
  let version = '';
  const check = (node: unknown, report: (message: string, name: string) => void) => {
    if (typeof node !== 'object' || node === null || !('x-added' in node)) return;
    const date = String(node['x-added']);
    if (!isDate(date)) report(`x-added is a date, not ${date}.`, 'x-added');
    else if (date < version) report(`x-added is before the version itself, ${version}.`, 'x-added');
  };
  return {
    Root(document: { info: Info }) {
      version = document.info.version;
    },
    any: { enter: (node: unknown, context) => check(node, reporter(context)) },
    ref: { enter: (node: unknown, context) => check(node, reporter(context)) },
  };
};

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true;
}
