/**
 * Messages of blocks → instructions and messages of parts. Each message stays one of its own: the results of tools stand
 * in the user's messages in both.
 */
import type { Message, Part } from '../../core/message.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { fromBlock } from './from-blocks.ts';
import { textIn } from './from-system.ts';
import type { Schemas } from './schemas.ts';
import { isThought } from './thinking.ts';

type InputMessage = Schemas['InputMessage'];

export interface Conversation {
  instructions?: string;
  messages: Pick<Message, 'role' | 'parts'>[];
}

/** `system` comes before what messages of that role say. */
export function fromMessages(given: readonly InputMessage[], system: readonly string[]): Conversation {
  const instructions = [...system];
  const messages: Conversation['messages'] = [];
  for (const [index, message] of given.entries()) {
    const pointer = `/messages/${index}`;
    refuseOthers(message, new Set(['role', 'content']), {}, pointer);
    if (message.role === 'system') {
      instructions.push(...textsOf(message, pointer));
      continue;
    }
    const role = roleOf(message, pointer);
    const parts = partsOf(message, pointer);
    if (parts.length > 0 || message.content.length === 0) messages.push({ role, parts });
  }
  const last = given.length - 1;
  // Words put into the model's mouth, which only this wire goes on from.
  if (messages.at(-1)?.role === 'assistant') throw unsupported(`/messages/${last}/role`);
  if (messages.length === 0) throw invalid('/messages', 'must hold something that a user says');
  const said = instructions.filter((text) => text !== '');
  return { ...(said.length > 0 ? { instructions: said.join('\n\n') } : {}), messages };
}

function roleOf({ role }: InputMessage, pointer: string): Message['role'] {
  if (role === 'user' || role === 'assistant') return role;
  throw invalid(`${pointer}/role`, 'must be user, assistant or system');
}

function partsOf({ role, content }: InputMessage, pointer: string): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.flatMap((block, index) =>
    role === 'assistant' && isThought(block) ? [] : [fromBlock(block, role, `${pointer}/content/${index}`)],
  );
}

function textsOf({ content }: InputMessage, pointer: string): string[] {
  if (typeof content === 'string') return [content];
  return content.map((block, index) => textIn(block, `${pointer}/content/${index}`));
}
