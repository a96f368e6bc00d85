/**
 * The messages of a chat completion → instructions and messages of parts. What the roles `system` and `developer` say is
 * put together in order, wherever it stands; the results of tools form one message, with what the user says behind them.
 */
import type { Part } from '../../core/message.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { harmlessCallMembers, harmlessMessageMembers, harmlessPartMembers } from './chat-members.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { detailOf, fromImageUrl } from './from-image-url.ts';
import type { Schemas } from './schemas.ts';

type ChatMessage = Schemas['ChatMessage'];
type Content = ChatMessage['content'];

export function fromChatMessages(messages: readonly ChatMessage[]): Conversation {
  const conversation = createConversation();
  for (const [index, message] of messages.entries()) {
    const pointer = `/messages/${index}`;
    const { role } = message;
    refuseOthers(message, membersOf(role), harmlessMessageMembers[role] ?? {}, pointer);
    switch (role) {
      case 'system':
      case 'developer':
        conversation.instruct(textOf(message.content, `${pointer}/content`));
        break;
      case 'user':
        conversation.say(fromUserContent(message.content, `${pointer}/content`));
        break;
      case 'assistant':
        conversation.answer(fromAssistant(message, pointer));
        break;
      case 'tool':
        if (!message.tool_call_id) throw invalid(`${pointer}/tool_call_id`, 'must name the call that is answered');
        conversation.result({
          type: 'tool_result',
          toolCallId: message.tool_call_id,
          content: textOf(message.content, `${pointer}/content`),
        });
        break;
      case 'function':
        throw unsupported(`${pointer}/role`);
    }
  }
  if (!conversation.isAnswerable()) {
    throw invalid('/messages', 'must end with what a user says or a tool gives');
  }
  return conversation.end();
}

function membersOf(role: ChatMessage['role']): ReadonlySet<string> {
  const own = role === 'assistant' ? ['tool_calls', 'refusal'] : role === 'tool' ? ['tool_call_id'] : [];
  return new Set(['role', 'content', ...own]);
}

function textOf(content: Content, pointer: string): string {
  if (typeof content === 'string') return content;
  if (!content) throw invalid(pointer, 'must be text or a list of parts');
  return content
    .map((part, index) => {
      if (part.type !== 'text') throw unsupported(`${pointer}/${index}/type`);
      return textIn(part, `${pointer}/${index}`);
    })
    .join('');
}

function fromUserContent(content: Content, pointer: string): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!content?.length) throw invalid(pointer, 'must be text or a list of parts');
  return content.map((part, index) => fromUserPart(part, `${pointer}/${index}`));
}

function fromUserPart(part: Schemas['ChatContentPart'], pointer: string): Part {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: textIn(part, pointer) };
    case 'image_url': {
      refuseOthers(part, new Set(['type', 'image_url']), harmlessPartMembers, pointer);
      if (!part.image_url) throw invalid(`${pointer}/image_url`, 'must be there');
      refuseOthers(part.image_url, new Set(['url', 'detail']), {}, `${pointer}/image_url`);
      const detail = detailOf(part.image_url.detail, `${pointer}/image_url/detail`);
      return { ...fromImageUrl(part.image_url.url, `${pointer}/image_url/url`), ...detail };
    }
    default:
      throw unsupported(`${pointer}/type`);
  }
}

function textIn(part: Schemas['ChatContentPart'], pointer: string): string {
  refuseOthers(part, new Set(['type', 'text']), harmlessPartMembers, pointer);
  if (typeof part.text !== 'string') throw invalid(`${pointer}/text`, 'must be there');
  return part.text;
}

function fromAssistant({ content, refusal, tool_calls: calls }: ChatMessage, pointer: string): Part[] {
  const texts = typeof content === 'string' ? [content] : (content ?? []).map(saidIn(`${pointer}/content`));
  if (refusal) texts.push(refusal);
  const called = (calls ?? []).map((call, index) => fromToolCall(call, `${pointer}/tool_calls/${index}`));
  if (texts.length === 0 && called.length === 0) throw invalid(`${pointer}/content`, 'must be there, or tool_calls');
  const text = texts.join('');
  return text === '' && called.length > 0 ? called : [{ type: 'text', text }, ...called];
}

function saidIn(pointer: string) {
  return (part: Schemas['ChatContentPart'], index: number): string => {
    if (part.type === 'text') return textIn(part, `${pointer}/${index}`);
    if (part.type !== 'refusal') throw unsupported(`${pointer}/${index}/type`);
    return part.refusal ?? '';
  };
}

function fromToolCall(call: Schemas['ChatToolCallInput'], pointer: string): Part {
  if (call.type !== undefined && call.type !== 'function') throw unsupported(`${pointer}/type`);
  refuseOthers(call, new Set(['id', 'type', 'function']), harmlessCallMembers, pointer);
  if (!call.function) throw invalid(`${pointer}/function`, 'must be there');
  refuseOthers(call.function, new Set(['name', 'arguments']), harmlessCallMembers, `${pointer}/function`);
  return { type: 'tool_call', id: call.id, name: call.function.name, arguments: call.function.arguments };
}
