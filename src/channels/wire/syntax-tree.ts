/**
 * Markdown as a tree that knows where in the source each piece stands. Every dialect is rendered from it, and a part of a
 * text – what one message holds – is the same tree cut at two places of the source (`slice.ts`).
 */

/** From `start` up to, not including, `end`: UTF-16 places in the source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Inline = Leaf | Styled;

export interface Styled {
  readonly type: 'strong' | 'emphasis' | 'strike';
  readonly children: readonly Inline[];
}

export type Leaf =
  /** Literal. Can be cut anywhere if it stands in the source letter by letter. */
  | ({ readonly type: 'text'; readonly text: string } & Span)
  /** Its span is that of what stands between the backticks. */
  | ({ readonly type: 'code'; readonly text: string } & Span)
  | ({ readonly type: 'break' } & Span)
  /** Images too: no chat platform shows one inside a text. */
  | ({ readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] } & Span);

export type Block =
  | ({ readonly type: 'paragraph'; readonly children: readonly Inline[] } & Span)
  | ({ readonly type: 'heading'; readonly depth: number; readonly children: readonly Inline[] } & Span)
  | CodeBlock
  | ({ readonly type: 'quote'; readonly blocks: readonly Block[] } & Span)
  | ({ readonly type: 'list'; readonly items: readonly Item[] } & Span)
  | Table
  | ({ readonly type: 'rule' } & Span);

export interface CodeBlock extends Span {
  readonly type: 'code';
  readonly language: string;
  /** As it was opened; empty for code that was only indented. */
  readonly fence: string;
  readonly closed: boolean;
  readonly lines: readonly (Span & { readonly text: string })[];
}

export interface Item extends Span {
  /** Of an ordered list. */
  readonly number?: number;
  /** Of a task. */
  readonly checked?: boolean;
  /** True for the rest of an item whose beginning stands in an earlier message. */
  readonly continued: boolean;
  readonly blocks: readonly Block[];
}

export interface Table extends Span {
  readonly type: 'table';
  readonly aligns: readonly ('left' | 'right' | 'center' | null)[];
  readonly header: readonly Cell[];
  readonly rows: readonly (Span & { readonly cells: readonly Cell[] })[];
}

export function isStyled(inline: Inline): inline is Styled {
  return inline.type === 'strong' || inline.type === 'emphasis' || inline.type === 'strike';
}

export type Cell = readonly Inline[];

/** A piece of the source as plain words, whatever it means. */
export function literal(source: string, start: number, end: number): Block {
  const children: Inline[] = [];
  for (let at = start; at < end; ) {
    const newline = source.indexOf('\n', at);
    const stop = newline === -1 || newline >= end ? end : newline;
    if (stop > at) children.push({ type: 'text', text: source.slice(at, stop), start: at, end: stop });
    if (stop < end) children.push({ type: 'break', start: stop, end: stop + 1 });
    at = stop + 1;
  }
  return { type: 'paragraph', children, start, end };
}

/** The words without any markup, with the addresses that they hide. */
export function wordsOf(children: readonly Inline[]): string {
  return children.map(wordsIn).join('');
}

function wordsIn(inline: Inline): string {
  if (isStyled(inline)) return wordsOf(inline.children);
  switch (inline.type) {
    case 'text':
    case 'code':
      return inline.text;
    case 'break':
      return ' ';
    case 'link': {
      const label = wordsOf(inline.children);
      return label === inline.href || inline.href === `mailto:${label}` ? label : `${label} (${inline.href})`;
    }
  }
}
