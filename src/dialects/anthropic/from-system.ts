import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { harmlessBlockMembers } from './messages-members.ts';
import type { Schemas } from './schemas.ts';

/** What holds for the whole conversation. Blocks are paragraphs of it. */
export function fromSystem(system: Schemas['SystemPrompt'] | undefined): string[] {
  if (!system) return [];
  return typeof system === 'string' ? [system] : system.map((block, index) => textIn(block, `/system/${index}`));
}

/** Where only text has a place. */
export function textIn(block: Schemas['ResultBlock'], pointer: string): string {
  if (block.type !== 'text') throw unsupported(`${pointer}/type`);
  refuseOthers(block, new Set(['type', 'text']), harmlessBlockMembers, pointer);
  if (block.text === undefined) throw invalid(`${pointer}/text`, 'must be there');
  return block.text;
}
