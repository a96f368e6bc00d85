import type { AnswerPiece, CompletionWriter } from '../../core/completion.ts';
import type { Run, RunError } from '../../core/run.ts';
import { messageId } from './answer-id.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { runErrorBody } from './to-error.ts';
import { toUsage } from './to-usage.ts';

/**
 * A message as Server-Sent Events: its start, blocks of text and of tool calls one after another, why it ended and what
 * it took, its stop. What was read is not known at the start, so that it stands there as nothing and is told at the end.
 */
export function createMessageStream(run: Run): CompletionWriter {
  let begun = false;
  let blocks = 0;
  /** The block that is being said. */
  let open: { index: number; call: number | undefined } | undefined;
  /** Where the calls are, by our index. */
  const calls = new Map<number, number>();

  function begin(): string {
    if (begun) return '';
    begun = true;
    const message = {
      id: messageId(run.id),
      type: 'message',
      role: 'assistant',
      model: run.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: toUsage(undefined),
    };
    return event('message_start', { message }) + event('ping', {});
  }

  function close(): string {
    const { index } = open ?? {};
    open = undefined;
    return index === undefined ? '' : event('content_block_stop', { index });
  }

  function start(call: number | undefined, block: object): string {
    const closed = close();
    open = { index: blocks++, call };
    if (call !== undefined) calls.set(call, open.index);
    return closed + event('content_block_start', { index: open.index, content_block: block });
  }

  function delta(index: number | undefined, said: object): string {
    return event('content_block_delta', { index, delta: said });
  }

  function write(piece: AnswerPiece): string {
    if (piece.type === 'text') {
      const isOpen = open !== undefined && open.call === undefined;
      const started = isOpen ? '' : start(undefined, { type: 'text', text: '' });
      return started + delta(open?.index, { type: 'text_delta', text: piece.text });
    }
    const { index, id, name, arguments: text } = piece;
    const started = calls.has(index) ? '' : start(index, { type: 'tool_use', id, name, input: {} });
    const said = { type: 'input_json_delta', partial_json: text };
    return text === '' ? started : started + delta(calls.get(index), said);
  }

  return {
    events: (pieces) => begin() + pieces.map(write).join(''),
    end({ finishReason, usage }) {
      const ending = { stop_reason: mapFinishReason(finishReason), stop_sequence: null };
      const last = event('message_delta', { delta: ending, usage: toUsage(usage) }) + event('message_stop', {});
      return begin() + close() + last;
    },
    failed: messageStreamError,
  };
}

/** In the place of all that would have followed. */
export function messageStreamError(error: RunError): string {
  return `event: error\ndata: ${JSON.stringify(runErrorBody(error))}\n\n`;
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
