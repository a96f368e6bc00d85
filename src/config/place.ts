/** A place in the config file, as people write it: `gateway.models.routes["gpt-4o"][0]`. */
export function placeName(path: readonly string[]): string {
  let name = '';
  for (const step of path) {
    if (/^\d+$/.test(step)) name += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) name += name === '' ? step : `.${step}`;
    else name += `[${JSON.stringify(step)}]`;
  }
  return name;
}

/** The steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
