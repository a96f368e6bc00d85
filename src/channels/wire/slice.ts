import {
  type Block,
  type Inline,
  type Item,
  isStyled,
  type Leaf,
  literal,
  type Span,
  type Table,
} from './syntax-tree.ts';

/** A part of the source, of which a tree is made. */
export interface Range {
  readonly source: string;
  readonly from: number;
  readonly to: number;
}

/** What of the tree stands in a range. Containers are opened again, so that each part is a whole tree of its own. */
export function sliceBlocks(blocks: readonly Block[], range: Range): Block[] {
  return blocks.flatMap((block) => (touches(block, range) ? sliceBlock(block, range) : []));
}

function sliceBlock(block: Block, range: Range): Block[] {
  if (within(block, range)) return [block];
  switch (block.type) {
    case 'paragraph':
    case 'heading': {
      const children = sliceInlines(block.children, range);
      return children.length === 0 ? [] : [{ ...block, children }];
    }
    case 'code': {
      const lines = block.lines
        .filter((line) => touches(line, range))
        .map((line) => (within(line, range) ? line : { ...line, text: line.text.slice(...cut(line, range)) }));
      return lines.length === 0 ? [] : [{ ...block, lines }];
    }
    case 'quote': {
      const inner = sliceBlocks(block.blocks, range);
      return inner.length === 0 ? [] : [{ ...block, blocks: inner }];
    }
    case 'list': {
      const items = block.items.flatMap((item) => sliceItem(item, range));
      return items.length === 0 ? [] : [{ ...block, items }];
    }
    case 'table':
      return sliceTable(block, range);
    case 'rule':
      return [literalPart(block, range)];
  }
}

function sliceItem(item: Item, range: Range): Item[] {
  if (!touches(item, range)) return [];
  const blocks = sliceBlocks(item.blocks, range);
  const begins = item.start >= range.from;
  // An item without words is its bullet.
  if (blocks.length === 0 && item.blocks.length > 0) return [];
  return [{ ...item, blocks, continued: item.continued || !begins }];
}

/** The header says what the columns are, in each message anew; a row that is cut is no row any more. */
function sliceTable(table: Table, range: Range): Block[] {
  const header = { start: table.start, end: table.rows[0]?.start ?? table.end };
  const rows = table.rows.filter((row) => within(row, range));
  const torn = [header, ...table.rows].filter((row) => touches(row, range) && !within(row, range));
  const literals = (pieces: readonly Span[]) => pieces.map((piece) => literalPart(piece, range));
  if (rows.length === 0 && !within(header, range)) return literals(torn);
  const first = rows[0]?.start ?? table.end;
  return [
    ...literals(torn.filter((piece) => piece.start < first)),
    { ...table, rows },
    ...literals(torn.filter((piece) => piece.start >= first)),
  ];
}

function sliceInlines(inlines: readonly Inline[], range: Range): Inline[] {
  return inlines.flatMap((inline): Inline[] => {
    if (isStyled(inline)) {
      const children = sliceInlines(inline.children, range);
      return children.length === 0 ? [] : [{ ...inline, children }];
    }
    if (!touches(inline, range)) return [];
    if (within(inline, range)) return [inline];
    if (isCuttable(inline)) return [{ ...inline, text: inline.text.slice(...cut(inline, range)) }];
    const { source, from, to } = range;
    return [{ type: 'text', text: source.slice(...bounds(inline, from, to)), start: inline.start, end: inline.end }];
  });
}

/** Whether a leaf stands in the source letter by letter, so that a part of it is a part of the source. */
export function isCuttable(inline: Leaf): inline is Extract<Leaf, { type: 'text' | 'code' }> {
  return (inline.type === 'text' || inline.type === 'code') && inline.text.length === inline.end - inline.start;
}

function literalPart(span: Span, { source, from, to }: Range): Block {
  return literal(source, ...bounds(span, from, to));
}

function bounds(span: Span, from: number, to: number): [number, number] {
  return [Math.max(span.start, from), Math.min(span.end, to)];
}

function cut(span: Span, { from, to }: Range): [number, number] {
  return [Math.max(0, from - span.start), Math.max(0, Math.min(span.end, to) - span.start)];
}

function within(span: Span, { from, to }: Range): boolean {
  return span.start >= from && span.end <= to;
}

/** What has no length, such as an empty line, belongs to the range that it begins in. */
function touches(span: Span, { from, to }: Range): boolean {
  return span.start < to && (span.end > from || span.start >= from);
}
