import type { AnswerPiece } from '../../core/completion.ts';
import { callItemId, messageItemId } from './answer-ids.ts';
import { type ClientTool, type ClientTools, clientTool } from './response-tools.ts';
import {
  type CallItem,
  type ItemStatus,
  type OutputItem,
  toCallItem,
  toMessageItem,
  toOutputText,
} from './to-response.ts';

type CallPiece = Extract<AnswerPiece, { type: 'tool_call' }>;

/** Writes one event. */
export type WriteEvent = (type: string, members: object) => string;

/**
 * The items of a response that is being streamed. Each method gives the events for what has come. None is told to be done
 * before all are: programs keep what is done as said, and ask again behind it when the rest breaks off.
 */
export interface OutputItems {
  text(piece: string): string;
  call(piece: CallPiece): string;
  /** Ends what is open; `last` is how far the last item got. */
  close(last: ItemStatus): string;
  /** Leaves what is open as it is, without an event. */
  breakOff(): void;
  /** As far as they are. */
  output(): OutputItem[];
}

interface Message {
  kind: 'message';
  id: string;
  place: number;
  text: string;
  status: ItemStatus;
}

interface Call {
  kind: 'call';
  id: string;
  tool: ClientTool;
  place: number;
  call: { id: string; arguments: string };
  status: ItemStatus;
}

export function createOutputItems(runId: string, tools: ClientTools, write: WriteEvent): OutputItems {
  const items: (Message | Call)[] = [];
  const calls = new Map<number, Call>();
  let message: Message | undefined;
  let messages = 0;

  function place<Item extends Message | Call>(item: Item): Item {
    items.push(item);
    return item;
  }

  function openMessage(): [message: Message, events: string] {
    const id = messageItemId(runId, messages);
    messages += 1;
    const opened = place<Message>({ kind: 'message', id, place: items.length, text: '', status: 'in_progress' });
    const item = { ...toItem(opened), content: [] };
    const events =
      write('response.output_item.added', { output_index: opened.place, item }) +
      write('response.content_part.added', { ...partOf(opened), part: toOutputText('') });
    return [opened, events];
  }

  function openCall(piece: CallPiece): [call: Call, events: string] {
    const tool = clientTool(piece.name ?? '', tools);
    const id = callItemId(runId, calls.size, tool.type);
    const call = { id: piece.id ?? '', arguments: '' };
    const opened = place<Call>({ kind: 'call', id, tool, place: items.length, call, status: 'in_progress' });
    calls.set(piece.index, opened);
    return [opened, write('response.output_item.added', { output_index: opened.place, item: toItem(opened) })];
  }

  function endMessage(): string {
    if (!message) return '';
    const ended = message;
    message = undefined;
    ended.status = 'completed';
    return (
      write('response.output_text.done', { ...partOf(ended), text: ended.text, logprobs: [] }) +
      write('response.content_part.done', { ...partOf(ended), part: toOutputText(ended.text) })
    );
  }

  function endCall(call: Call): string {
    const item = toCall(call);
    const at = { item_id: item.id, output_index: call.place };
    if (item.type === 'function_call')
      return write('response.function_call_arguments.done', { ...at, arguments: item.arguments });
    // Its text is known when all of the arguments are.
    return (
      write('response.custom_tool_call_input.delta', { ...at, delta: item.input }) +
      write('response.custom_tool_call_input.done', { ...at, input: item.input })
    );
  }

  return {
    text(piece) {
      let events = '';
      if (!message) [message, events] = openMessage();
      message.text += piece;
      return events + write('response.output_text.delta', { ...partOf(message), delta: piece, logprobs: [] });
    },
    call(piece) {
      // What is said is over where calls begin.
      let events = endMessage();
      let call = calls.get(piece.index);
      if (!call) {
        let opened: string;
        [call, opened] = openCall(piece);
        events += opened;
      }
      if (piece.arguments === '') return events;
      call.call.arguments += piece.arguments;
      if (call.tool.type === 'custom') return events;
      const at = { item_id: call.id, output_index: call.place };
      return events + write('response.function_call_arguments.delta', { ...at, delta: piece.arguments });
    },
    close(last) {
      let events = endMessage();
      for (const item of items) {
        item.status = item === items.at(-1) ? last : 'completed';
        if (item.kind === 'call') events += endCall(item);
        events += write('response.output_item.done', { output_index: item.place, item: toItem(item) });
      }
      return events;
    },
    breakOff() {
      for (const item of items) if (item.status === 'in_progress') item.status = 'incomplete';
    },
    output: () => items.map(toItem),
  };
}

function toItem(item: Message | Call): OutputItem {
  return item.kind === 'call' ? toCall(item) : toMessageItem(item.id, item.status, item.text);
}

function toCall({ id, tool, status, call }: Call): CallItem {
  return toCallItem(id, tool, status, call);
}

/** A message has one part. */
function partOf({ id, place }: Message): object {
  return { item_id: id, output_index: place, content_index: 0 };
}
