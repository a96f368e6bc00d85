/** The house's own rules for the specs. Each says in its head why it is there. */
import { added } from './added.ts';
import { bounded } from './bounded.ts';
import { described } from './described.ts';
import { enforcedFields } from './enforced-fields.ts';
import { errorAnswers } from './error-answers.ts';
import { fileNames } from './file-names.ts';
import { openness } from './openness.ts';
import { portableSchemas, refSiblings } from './portable-schemas.ts';
import { safePatterns } from './safe-patterns.ts';

const both = {
  added,
  bounded,
  described,
  'enforced-fields': enforcedFields,
  'file-names': fileNames,
  openness,
  'portable-schemas': portableSchemas,
  'safe-patterns': safePatterns,
};

export default function house() {
  return {
    id: 'house',
    rules: { oas3: { ...both, 'error-answers': errorAnswers }, async3: { ...both, 'ref-siblings': refSiblings } },
  };
}
