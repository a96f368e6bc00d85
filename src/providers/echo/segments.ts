/** Made when first asked for: the first one in a process takes 10 ms, and a start does not need it. */
let graphemes: Intl.Segmenter | undefined;
let words: Intl.Segmenter | undefined;

/** What a reader takes for one character. */
export function graphemesOf(text: string): Intl.Segments {
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return graphemes.segment(text);
}

export function wordsOf(text: string): Intl.Segments {
  words ??= new Intl.Segmenter('en', { granularity: 'word' });
  return words.segment(text);
}
