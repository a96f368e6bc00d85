/**
 * The items of a response's input → instructions and messages of parts. What the model called in one turn is one message
 * with what it said, and so are the results with what the user says behind them.
 */
import { GatewayError } from '../../core/errors.ts';
import type { ImagePart, Part, ToolResultPart } from '../../core/message.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { detailOf, fromImageUrl } from './from-image-url.ts';
import { harmlessItemMembers, harmlessPartMembers } from './response-members.ts';
import { functionName, toArguments } from './response-tools.ts';
import type { Schemas } from './schemas.ts';

type Item = Schemas['ResponseInputItem'];
type ContentPart = Schemas['ResponseContentPart'];

/** What an item of a stored response holds; undefined when there is no such item. */
export type FindItem = (id: string) => Part | undefined;

export function fromResponseItems(items: readonly Item[], find: FindItem): Conversation {
  const conversation = createConversation();
  for (const [index, item] of items.entries()) {
    const pointer = `/input/${index}`;
    switch (kindOf(item)) {
      case 'message':
        addMessage(item, pointer, conversation);
        break;
      case 'function_call':
        conversation.answer([fromFunctionCall(item, pointer)]);
        break;
      case 'custom_tool_call':
        conversation.answer([fromCustomCall(item, pointer)]);
        break;
      case 'additional_tools':
        // They are read with the other tools.
        refuseOthers(item, new Set(['type', 'role', 'tools']), harmlessItemMembers, pointer);
        break;
      case 'reasoning':
        // What a model thought on the way is sealed, and nobody else can read it.
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        conversation.result({
          type: 'tool_result',
          toolCallId: needed(item.call_id, `${pointer}/call_id`),
          ...fromOutput(item, pointer),
        });
        break;
      case 'item_reference':
        conversation.answer([referred(item.id, find, `${pointer}/id`)]);
        break;
      default:
        throw unsupported(`${pointer}/type`);
    }
  }
  if (!conversation.isAnswerable()) throw invalid('/input', 'must end with what a user says or a function gives');
  return conversation.end();
}

/** The items of stored responses that an input refers to. */
export function referencesIn(input: Schemas['ResponseRequest']['input']): string[] {
  if (!Array.isArray(input)) return [];
  return input.flatMap((item) => (kindOf(item) === 'item_reference' && item.id ? [item.id] : []));
}

function kindOf({ type, role, id }: Item): string {
  if (type) return type;
  return role === undefined && id ? 'item_reference' : 'message';
}

function addMessage(item: Item, pointer: string, conversation: ReturnType<typeof createConversation>): void {
  refuseOthers(item, new Set(['type', 'role', 'content']), harmlessItemMembers, pointer);
  const content = needed(item.content, `${pointer}/content`);
  const parts = typeof content === 'string' ? [{ type: 'input_text', text: content }] : content;
  const place = `${pointer}/content`;
  const role = needed(item.role, `${pointer}/role`);
  if (role === 'user') {
    if (parts.length === 0) throw invalid(place, 'must hold something');
    conversation.say(parts.map((part, index) => fromPart(part, `${place}/${index}`)));
    return;
  }
  const text = parts.map((part, index) => textIn(part, `${place}/${index}`)).join('');
  if (role === 'assistant') conversation.answer([{ type: 'text', text }]);
  else conversation.instruct(text);
}

function fromPart(part: ContentPart, pointer: string): Part {
  return part.type === 'input_image' ? fromImage(part, pointer) : { type: 'text', text: textIn(part, pointer) };
}

function fromImage(part: ContentPart, pointer: string): ImagePart {
  refuseOthers(part, new Set(['type', 'image_url', 'detail']), {}, pointer);
  const detail = detailOf(part.detail, `${pointer}/detail`);
  return { ...fromImageUrl(needed(part.image_url, `${pointer}/image_url`), `${pointer}/image_url`), ...detail };
}

function textIn(part: ContentPart, pointer: string): string {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      refuseOthers(part, new Set(['type', 'text']), harmlessPartMembers, pointer);
      return needed(part.text, `${pointer}/text`);
    case 'refusal':
      refuseOthers(part, new Set(['type', 'refusal']), {}, pointer);
      return needed(part.refusal, `${pointer}/refusal`);
    default:
      throw unsupported(`${pointer}/type`);
  }
}

function fromFunctionCall(item: Item, pointer: string): Part {
  refuseOthers(item, new Set(['type', 'call_id', 'name', 'namespace', 'arguments']), harmlessItemMembers, pointer);
  return toCall(item, needed(item.arguments, `${pointer}/arguments`), pointer);
}

function fromCustomCall(item: Item, pointer: string): Part {
  refuseOthers(item, new Set(['type', 'call_id', 'name', 'namespace', 'input']), harmlessItemMembers, pointer);
  return toCall(item, toArguments(needed(item.input, `${pointer}/input`)), pointer);
}

function toCall({ call_id: id, name, namespace }: Item, text: string, pointer: string): Part {
  return {
    type: 'tool_call',
    id: needed(id, `${pointer}/call_id`),
    name: functionName(needed(name, `${pointer}/name`), namespace),
    arguments: text,
  };
}

/** Its texts, and its pictures beside them. */
function fromOutput(item: Item, pointer: string): Pick<ToolResultPart, 'content' | 'images'> {
  refuseOthers(item, new Set(['type', 'call_id', 'output']), harmlessItemMembers, pointer);
  const output = needed(item.output, `${pointer}/output`);
  if (typeof output === 'string') return { content: output };
  const images: ImagePart[] = [];
  let content = '';
  for (const [index, part] of output.entries()) {
    const place = `${pointer}/output/${index}`;
    if (part.type === 'input_image') images.push(fromImage(part, place));
    else content += textIn(part, place);
  }
  return { content, ...(images.length > 0 ? { images } : {}) };
}

function referred(id: Item['id'], find: FindItem, pointer: string): Part {
  const name = needed(id, pointer);
  const part = find(name);
  if (part) return part;
  const message = `There is no item ${name} of a stored response.`;
  throw new GatewayError('NOT_FOUND', message, { faults: [{ pointer, message: 'must name a stored item' }] });
}

function needed<Value>(value: Value | null | undefined, pointer: string): Value {
  if (value === null || value === undefined) throw invalid(pointer, 'must be there');
  return value;
}
