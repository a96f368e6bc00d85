import type { ImagePart, MediaType, Part, ToolResultPart } from '../../core/message.ts';
import { invalid, refuseOthers, unsupported } from '../refuse.ts';
import { textIn } from './from-system.ts';
import { harmlessBlockMembers } from './messages-members.ts';
import type { Schemas } from './schemas.ts';

type Block = Schemas['ContentBlock'];

/** One block of a message. `pointer` is where it stands in the request. */
export function fromBlock(block: Block, role: string, pointer: string): Part {
  if (block.type === 'text') return { type: 'text', text: textIn(block, pointer) };
  const kind = `${role} ${block.type}`;
  if (kind === 'user image') return fromImage(block, pointer);
  if (kind === 'user tool_result') return fromToolResult(block, pointer);
  if (kind === 'assistant tool_use') return fromToolUse(block, pointer);
  throw unsupported(`${pointer}/type`);
}

function fromImage(block: Block, pointer: string): ImagePart {
  refuseOthers(block, new Set(['type', 'source']), harmlessBlockMembers, pointer);
  const { source } = block;
  const place = `${pointer}/source`;
  if (!source) throw invalid(place, 'must be there');
  if (source.type === 'url') {
    refuseOthers(source, new Set(['type', 'url']), {}, place);
    if (source.url === undefined || !/^https?:\/\//i.test(source.url)) throw invalid(`${place}/url`, 'must be a URL');
    return { type: 'image', url: source.url };
  }
  if (source.type !== 'base64') throw unsupported(`${place}/type`);
  refuseOthers(source, new Set(['type', 'media_type', 'data']), {}, place);
  const mediaType = mediaTypes.find((known) => known === source.media_type);
  if (!mediaType) throw unsupported(`${place}/media_type`);
  if (!source.data || !/^[A-Za-z0-9+/]+={0,2}$/.test(source.data)) throw invalid(`${place}/data`, 'must hold base64');
  return { type: 'image', data: source.data, mediaType };
}

const mediaTypes: readonly MediaType[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function fromToolResult(block: Block, pointer: string): ToolResultPart {
  refuseOthers(block, new Set(['type', 'tool_use_id', 'content', 'is_error']), harmlessBlockMembers, pointer);
  const { tool_use_id: toolCallId, content = '', is_error: failed } = block;
  if (toolCallId === undefined) throw invalid(`${pointer}/tool_use_id`, 'must name the call that is answered');
  return {
    type: 'tool_result',
    toolCallId,
    ...resultOf(content, `${pointer}/content`),
    ...(failed ? { status: 'failed' } : {}),
  };
}

/** Its texts, and its pictures beside them. */
function resultOf(content: Block['content'], pointer: string): Pick<ToolResultPart, 'content' | 'images'> {
  if (!content) return { content: '' };
  if (typeof content === 'string') return { content };
  if (!Array.isArray(content)) throw unsupported(pointer);
  const texts: string[] = [];
  const images: ImagePart[] = [];
  for (const [index, block] of content.entries()) {
    const place = `${pointer}/${index}`;
    if (block.type === 'image') images.push(fromImage(block, place));
    else texts.push(textIn(block, place));
  }
  return { content: texts.join('\n'), ...(images.length > 0 ? { images } : {}) };
}

function fromToolUse(block: Block, pointer: string): Part {
  refuseOthers(block, new Set(['type', 'id', 'name', 'input']), harmlessBlockMembers, pointer);
  const { id, name, input = {} } = block;
  if (id === undefined) throw invalid(`${pointer}/id`, 'must name the call');
  if (name === undefined) throw invalid(`${pointer}/name`, 'must name the tool');
  return { type: 'tool_call', id, name, arguments: JSON.stringify(input) };
}
