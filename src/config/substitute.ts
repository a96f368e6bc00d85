/** `${NAME}` in a string takes the environment's value; `$${NAME}` stands for `${NAME}` itself. */
export interface SubstitutionFault {
  path: string[];
  reason: string;
  suggestion: string;
}

const placeholder = /\$(\$?)\{([^}]*)(\}?)/g;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const deepest = 32;

/** A copy of `value` with every placeholder replaced. What cannot be replaced is told to `fault`. */
export function substitute(
  value: unknown,
  env: NodeJS.ProcessEnv,
  fault: (fault: SubstitutionFault) => void,
  path: string[] = [],
): unknown {
  if (typeof value === 'string') return substituteString(value, env, fault, path);
  if (typeof value !== 'object' || value === null) return value;
  if (path.length > deepest) {
    fault({ path: path.slice(0, 4), reason: 'is nested too deeply', suggestion: 'No setting stands so deep.' });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, env, fault, [...path, String(index)]));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, substitute(member, env, fault, [...path, name])]),
  );
}

function substituteString(
  text: string,
  env: NodeJS.ProcessEnv,
  fault: (fault: SubstitutionFault) => void,
  path: string[],
): string {
  return text.replaceAll(placeholder, (whole: string, escaped: string, name: string, end: string) => {
    if (escaped !== '') return whole.slice(1);
    if (end === '' || !variableName.test(name)) {
      fault({
        path,
        reason: 'has a `$` and `{` that no name of an environment variable and `}` follow',
        suggestion: 'Write `$$` before the `{` for the two characters themselves.',
      });
      return '';
    }
    const value = env[name];
    if (value === undefined || value === '') {
      fault({
        path,
        reason: `needs the environment variable ${name}, which is not set`,
        suggestion: 'Set it, or take this setting out of the file.',
      });
      return '';
    }
    return value;
  });
}
