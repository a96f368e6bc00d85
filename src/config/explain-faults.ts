/** Turns the validator's findings into sentences for an operator: what is wrong, and what was probably meant. */
import { type SchemaFault, type SchemaNode, schemaAt } from './contract.ts';
import { pointerSteps } from './place.ts';
import { suggest } from './suggest.ts';

export interface Explanation {
  path: string[];
  reason: string;
  suggestion?: string;
}

export function explainFaults(
  readSchema: () => SchemaNode,
  value: unknown,
  faults: readonly SchemaFault[],
): Explanation[] {
  if (faults.length === 0) return [];
  const schema = readSchema();
  const explanations = new Map<string, Explanation>();
  for (const fault of faults) {
    // The rule inside `propertyNames` reports by itself, and then `propertyNames` reports the same name.
    if (fault.propertyName !== undefined) continue;
    const explanation = explain(schema, value, fault);
    const name = JSON.stringify(explanation.path);
    if (!explanations.has(name)) explanations.set(name, explanation);
  }
  return [...explanations.values()];
}

function explain(schema: SchemaNode, value: unknown, fault: SchemaFault): Explanation {
  const path = pointerSteps(fault.instancePath);
  const node = schemaAt(schema, path) ?? {};
  const { params } = fault;
  switch (fault.keyword) {
    case 'additionalProperties':
      return unknownMember(schema, path, String(params.additionalProperty));
    case 'required':
      return {
        path: [...path, String(params.missingProperty)],
        reason: 'is missing',
        suggestion: 'The file is `{ gateway: { … } }`.',
      };
    case 'propertyNames': {
      const place = [...path, String(params.propertyName)];
      return { path: place, reason: `is not a name that may stand here: ${patternWords(node.propertyNames)}` };
    }
    case 'type':
      return { path, reason: `must be ${typeWords[String(params.type)] ?? String(params.type)}` };
    case 'enum':
      return { path, ...enumFault(node, valueAt(value, path)) };
    case 'pattern':
      return withDescription({ path, reason: `must be ${patternWords(node)}` }, node);
    case 'uniqueItems':
      return { path, reason: 'must not name the same thing twice' };
    default:
      return withDescription({ path, reason: limitWords(fault) }, node);
  }
}

function unknownMember(schema: SchemaNode, parent: string[], name: string): Explanation {
  const known = Object.keys(schemaAt(schema, parent)?.properties ?? {});
  const meant = suggest(name, known);
  return {
    path: [...parent, name.slice(0, 64)],
    reason: 'is not a setting',
    suggestion: meant === undefined ? (elsewhere(schema, name) ?? listed(known)) : `Did you mean \`${meant}\`?`,
  };
}

/** A right name in a wrong place is the second most frequent mistake. */
function elsewhere(schema: SchemaNode, name: string): string | undefined {
  const places: string[] = [];
  const visit = (node: SchemaNode, path: string) => {
    for (const [member, child] of Object.entries(node.properties ?? {})) {
      const place = path === '' ? member : `${path}.${member}`;
      if (member === name) places.push(`\`${place}\``);
      visit(child, place);
    }
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${path}.<name>`);
  };
  visit(schema, '');
  return places.length > 0 && places.length <= 3 ? `It belongs to ${places.join(' or ')}.` : undefined;
}

function listed(known: readonly string[]): string {
  return `Known here: ${known.filter((name) => name !== '$schema').join(', ')}.`;
}

function enumFault(node: SchemaNode, value: unknown): Omit<Explanation, 'path'> {
  const allowed = node.enum ?? [];
  const reason = `must be one of ${allowed.join(', ')}`;
  const meant = typeof value === 'string' ? suggest(value, allowed) : undefined;
  return meant === undefined ? { reason } : { reason, suggestion: `Did you mean \`${meant}\`?` };
}

function withDescription(explanation: Explanation, { description }: SchemaNode): Explanation {
  return description === undefined ? explanation : { ...explanation, suggestion: description };
}

function limitWords({ keyword, params }: SchemaFault): string {
  const limit = String(params.limit);
  switch (keyword) {
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minLength':
      return limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
      return limit === '1' ? 'must not be empty' : `must have at least ${limit} entries`;
    case 'maxItems':
    case 'maxProperties':
      return `must have at most ${limit} entries`;
    default:
      return 'does not hold';
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = new Map(Object.entries(found)).get(name);
  }
  return found;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a string',
  'string,array': 'a string or a list of strings: [ … ]',
  'string,object': 'a string or an object: { … }',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list: [ … ]',
  object: 'an object: { … }',
};

/** Words for each pattern of the schema; a test holds that none is missing. */
export const patternsInWords: Readonly<Record<string, string>> = {
  '^https?://[^\\s]+$': 'an address that begins with http:// or https://',
  '^[a-z][a-z0-9+.-]*://[^/?#\\s@*]+$': 'an origin such as https://app.example.com, without a path and without `*`',
  '^[!-~]+$': 'printable ASCII characters without spaces',
  '^[ -~]*$': 'printable ASCII characters',
  '^[A-Za-z0-9-]+$': 'letters, digits and `-`',
  '^[A-Za-z0-9_-]+$': 'letters, digits, `_` and `-`',
  '^[0-9a-fA-F]+$': 'hexadecimal digits',
  '^[A-Za-z0-9][A-Za-z0-9._-]*$': 'letters, digits, `.`, `_` and `-`, and a letter or digit first',
  '^[A-Za-z0-9][A-Za-z0-9._:@-]*$': 'letters, digits, `.`, `_`, `:`, `@` and `-`, and a letter or digit first',
  '^[A-Za-z0-9][A-Za-z0-9._-]*/[!-~]+$': 'a provider and a model, as in `openai/gpt-4o`',
  '^whsec_[A-Za-z0-9+/]+={0,2}$': '`whsec_` and base64',
  '^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$':
    'the name of an npm package, such as `@ai-sdk/google`',
  '^[A-Za-z_$][A-Za-z0-9_$]*$': 'the name of a function',
};

function patternWords(node: SchemaNode | undefined): string {
  return patternsInWords[node?.pattern ?? ''] ?? 'of another form';
}
