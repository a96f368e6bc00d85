import manifest from '../../package.json' with { type: 'json' };
import { adminKey } from '../support/start-gateway.ts';

/**
 * What a transcript cannot know stands in it by a name: ids and secrets that the gateway draws, in the order in which
 * they are first seen, so that the same one has the same name everywhere; its own version; the memory of a process.
 * An id of another form is not recognised, and so is a difference.
 */
export interface Names {
  /** Names in place of values. */
  toNames(text: string): string;
  /** Values in place of names, in what is sent. */
  toValues(text: string): string;
  /** Gives names to keys and their secrets alone: what else stands in an answer that is not shown is nobody's matter. */
  learnKeys(text: string): void;
}

const forms = {
  run: /run_[0-9a-z]{26}/,
  message: /msg_[0-9a-z]{26}\d+/,
  key: /key_[0-9a-z]{26}/,
  session: /s-[0-9a-z]{26}/,
  event: /evt_[0-9a-z]{26}/,
  secret: /ocg_[0-9A-Za-z]{36}/,
  prefix: /ocg_[0-9A-Za-z]{4}(?![0-9A-Za-z])/,
};

const anyForm = new RegExp(
  Object.entries(forms)
    .map(([name, form]) => `(?<${name}>\\b${form.source})`)
    .join('|'),
  'g',
);

export function createNames(): Names {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();

  function nameOf(value: string, form: string): string {
    const known = names.get(value);
    if (known !== undefined) return known;
    const count = (counts.get(form) ?? 0) + 1;
    counts.set(form, count);
    names.set(value, `{{${form} ${count}}}`);
    return `{{${form} ${count}}}`;
  }

  return {
    toNames: (text) =>
      text
        .replaceAll(anyForm, (value, ...rest) => {
          const groups: Record<string, string | undefined> = rest.at(-1);
          return nameOf(value, Object.keys(groups).find((form) => groups[form] !== undefined) ?? '');
        })
        .replaceAll(/"\d+MB"/g, '"{{memory}}"')
        .replaceAll(`"version":"${manifest.version}"`, '"version":"{{version}}"'),
    learnKeys(text) {
      for (const form of ['key', 'secret'] as const) {
        for (const value of text.match(new RegExp(forms[form], 'g')) ?? []) nameOf(value, form);
      }
    },
    toValues: (text) =>
      text.replaceAll(/\{\{([^}]+)\}\}/g, (name, inner: string) => {
        if (inner === 'admin') return adminKey;
        const [, times, character] = /^(\d+) (.)$/u.exec(inner) ?? [];
        if (times !== undefined && character !== undefined) return character.repeat(Number(times));
        const [value] = [...names].find(([, known]) => known === name) ?? [];
        if (value === undefined) throw new Error(`nothing has the name ${name} yet`);
        return value;
      }),
  };
}
