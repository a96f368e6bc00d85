import type { Scrub } from './scrub.ts';

/** Names and texts of fields, fit for the log. */
export interface FieldTexts {
  text(value: string): string;
  nameOf(key: string): FieldName;
}

export interface FieldName {
  shown: string;
  /** `,"name":` as it stands in a line. */
  json: string;
  secret: boolean;
  /** The text that stood there last, and its JSON. */
  latest: { value: string; json: string };
}

const longestText = 8192;
const longestScrubbed = 65_536;
const mostNames = 1000;

const secretName =
  /^(?:key|auth)$|(?:authorization|token|secrets?|password|passphrase|cookies?|credentials?|(?:api|admin|private|access|signing)key)$/;

export function createFieldTexts(scrub: Scrub): FieldTexts {
  const names = new Map<string, FieldName>();

  /** Scrubbed before it is cut: half a secret would not be recognised. */
  function text(value: string): string {
    if (value.length > longestScrubbed) return `[${value.length} characters]`;
    const scrubbed = scrub(value);
    return scrubbed.length > longestText ? `${scrubbed.slice(0, longestText)}…` : scrubbed;
  }

  return {
    text,
    /** Names are few and come again with every line. */
    nameOf(key) {
      const known = names.get(key);
      if (known) return known;
      const shown = text(key);
      const secret = secretName.test(key.toLowerCase().replaceAll(/[^a-z]/g, ''));
      const name = { shown, json: `,${JSON.stringify(shown)}:`, secret, latest: { value: '', json: '""' } };
      if (names.size < mostNames) names.set(key, name);
      return name;
    },
  };
}
