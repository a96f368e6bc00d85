import assert from 'node:assert/strict';

/** Slack and Discord: three backticks open and close, wherever they stand. */
export function evenFences(text: string): string {
  assert.equal(text.split('```').length % 2, 1, `an open fence in ${JSON.stringify(text.slice(0, 200))}`);
  return text;
}

/**
 * Markdown: a fence is closed by one of the same sign that is at least as long, on a line of its own, or by the end of the
 * quotation that it stands in. Fences in lists are not judged.
 */
export function closedFences(text: string): string {
  if (/^(?! {0,3}(?:> ?)*(?:`{3}|~{3})).*(?:`{3}|~{3})/m.test(text)) return text;
  let open: { fence: string; quoted: boolean } | undefined;
  for (const line of text.split('\n')) {
    const [, quote = '', fence = '', info = ''] =
      /^ {0,3}((?:> ?)*)(`{3,64}(?=[^`]*$)|~{3,64}(?!~))(.*)$/.exec(line) ?? [];
    if (open?.quoted && !line.startsWith('>')) open = undefined;
    if (open && fence.startsWith(open.fence) && info.trim() === '') open = undefined;
    else if (!open && fence !== '') open = { fence, quoted: quote !== '' };
  }
  assert.equal(open, undefined, `an open fence in ${JSON.stringify(text.slice(0, 200))}`);
  return text;
}
