/**
 * Slack's text as a person would have typed it: `<@U1|ann>` is `@ann`, `<https://x|label>` a Markdown link, `&amp;` an
 * ampersand. The call of the bot itself, in front of what is asked of it, is left out.
 */
export function readText(text: string, self: readonly string[]): string {
  const called = /^\s*<@([A-Z0-9]+)(?:\|[^>]*)?>[\s,:]*/.exec(text);
  const rest = called && self.includes(called[1] ?? '') ? text.slice(called[0].length) : text;
  return unescapeControls(rest.replaceAll(/<([^<>]*)>/g, (_, inside: string) => readReference(inside)));
}

function readReference(inside: string): string {
  const bar = inside.indexOf('|');
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? '' : inside.slice(bar + 1);
  switch (target.charAt(0)) {
    case '@':
      return `@${label || target.slice(1)}`;
    case '#':
      return `#${label || target.slice(1)}`;
    case '!':
      // Commands: `!here`, `!subteam^S1|@group`, `!date^…|what it says`.
      return label || `@${target.slice(1).split('^', 1)[0] ?? ''}`;
    default:
      return label === '' || label === target ? target : `[${label}](${target})`;
  }
}

function unescapeControls(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
