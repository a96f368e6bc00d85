import type { ProviderEvent } from '../../core/ports/provider.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import type { StreamPart } from './ask.ts';
import { fromUsage } from './from-usage.ts';
import { refuseWarnings } from './from-warnings.ts';
import { isUnsaid, mapFinishReason } from './map-finish-reason.ts';

interface Call {
  index: number;
  /** Nothing of the arguments came yet. */
  empty: boolean;
  /** The deltas are not the arguments' JSON text, which comes with the end. */
  held: boolean;
}

/** The parts of a stream → events. Reasoning, sources and what the vendor's own tools did have no place in ours. */
export class StreamPartReader {
  begun = false;
  finished = false;
  /** By the package's id; null where the vendor runs the tool itself. */
  readonly #calls = new Map<string, Call | null>();
  #called = 0;

  read(part: StreamPart): ProviderEvent[] {
    // These come before the vendor has said anything.
    this.begun ||= !preludes.has(part.type);
    switch (part.type) {
      case 'stream-start':
        refuseWarnings(part.warnings);
        return [];
      case 'text-delta':
        return part.delta === '' ? [] : [{ type: 'text', text: part.delta }];
      case 'tool-input-start':
        return this.#start(part);
      case 'tool-input-delta':
        return this.#goOn(part.id, part.delta);
      case 'tool-call':
        return this.#end(part);
      case 'error':
        throw new Reported(part.error);
      case 'finish':
        return [this.#finish(part)];
      default:
        return [];
    }
  }

  #start(part: Extract<StreamPart, { type: 'tool-input-start' }>): ProviderEvent[] {
    if (part.providerExecuted) {
      this.#calls.set(part.id, null);
      return [];
    }
    const index = this.#called++;
    const held = 'inputEncoding' in part && part.inputEncoding === 'text';
    this.#calls.set(part.id, { index, empty: true, held });
    return [{ type: 'tool_call', index, id: part.id, name: part.toolName, arguments: '' }];
  }

  #goOn(id: string, text: string): ProviderEvent[] {
    const call = this.#calls.get(id);
    if (!call || call.held || text === '') return [];
    call.empty = false;
    return [{ type: 'tool_call', index: call.index, arguments: text }];
  }

  /** Many packages give a call without any deltas before it; a call without arguments has none anywhere. */
  #end(part: Extract<StreamPart, { type: 'tool-call' }>): ProviderEvent[] {
    if (part.providerExecuted) return [];
    const call = this.#calls.get(part.toolCallId);
    const text = part.input || '{}';
    if (call === null) return [];
    if (call) {
      const rest: ProviderEvent[] = call.empty ? [{ type: 'tool_call', index: call.index, arguments: text }] : [];
      call.empty = false;
      return rest;
    }
    const index = this.#called++;
    this.#calls.set(part.toolCallId, { index, empty: false, held: false });
    return [{ type: 'tool_call', index, id: part.toolCallId, name: part.toolName, arguments: text }];
  }

  #finish(part: Extract<StreamPart, { type: 'finish' }>): ProviderEvent {
    const usage = fromUsage(part.usage);
    if (isUnsaid(part.finishReason) && !usage) throw new Malformed('ended before its finish');
    const reason = mapFinishReason(part.finishReason, this.#called > 0);
    this.finished = true;
    return { type: 'finish', reason, ...(usage ? { usage } : {}) };
  }
}

const preludes: ReadonlySet<string> = new Set(['stream-start', 'response-metadata', 'raw', 'ping']);
