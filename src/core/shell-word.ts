/**
 * A text as one word for a shell, which an operator is going to paste: whoever chose the text chooses no command. A leading
 * `-` would be read as an option, and control characters would be typed as keys.
 */
export function toShellWord(text: string): string {
  const word = quote(text);
  return text.startsWith('-') ? `-- ${word}` : word;
}

function quote(text: string): string {
  if (/^[A-Za-z0-9_.:@%+=,/-]+$/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = [...text].map((character) =>
    /[A-Za-z0-9_.:@%+=,/ -]/.test(character) ? character : escapeBytes(Buffer.from(character)),
  );
  return `$'${escaped.join('')}'`;
}

function escapeBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
