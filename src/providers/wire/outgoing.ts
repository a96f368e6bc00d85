/** A request as its own class puts it together; what goes with every one of them is added where it is sent. */
export interface Outgoing {
  /** Without it `POST`. */
  method?: 'GET' | 'POST';
  path: string;
  body: string | Buffer | null;
  /** Name, value, name, value: what the client said in its head for the vendor. */
  headers?: readonly string[];
}

/** The client's betas stand beside the operator's, anything else of it in the place of what would go out anyway. */
export function withClientHeaders(standing: string[], headers: readonly string[] | undefined): string[] {
  if (headers === undefined) return standing;
  const all = new Map<string, string>();
  for (let at = 0; at + 1 < standing.length; at += 2) all.set(standing[at] ?? '', standing[at + 1] ?? '');
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]];
    const before = name.endsWith('-beta') ? all.get(name) : undefined;
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...all].flat();
}
