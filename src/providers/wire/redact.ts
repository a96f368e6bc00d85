const SHOWN = 500;
/** What is searched for the key. So much longer than what is shown that no cut can leave half a key in sight. */
const SEARCHED = 64 * 1024;

/** The beginning of what a provider said, for the operator's log: the key never stands in it. */
export function snippet(text: string, key: string | undefined): string {
  const searched = text.slice(0, SEARCHED);
  const clean = key ? searched.replaceAll(key, '[key]') : searched;
  return clean.length > SHOWN ? `${clean.slice(0, SHOWN)}…` : clean;
}
