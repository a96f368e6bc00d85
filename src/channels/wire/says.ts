import type { Block, Inline } from './syntax-tree.ts';

/** Whether anything is seen of a block: marks without a word between them leave nothing. */
export function says(block: Block): boolean {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return block.children.some(saysInline);
    case 'code':
      return block.lines.some(({ text }) => text.trim() !== '');
    case 'quote':
      return block.blocks.some(says);
    case 'list':
    case 'rule':
      return true;
    case 'table':
      return [block.header, ...block.rows.map(({ cells }) => cells)].flat(2).some(saysInline);
  }
}

function saysInline(inline: Inline): boolean {
  switch (inline.type) {
    case 'text':
    case 'code':
      return inline.text.trim() !== '';
    case 'break':
      return false;
    default:
      return inline.children.some(saysInline);
  }
}
