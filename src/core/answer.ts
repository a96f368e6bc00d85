import { textIn } from './history.ts';
import type { Message, Part } from './message.ts';
import type { ProviderEvent } from './ports/provider.ts';
import type { FinishReason } from './run.ts';
import { estimateTokens, type Usage } from './usage.ts';

/** Gathers what a provider says into one message and keeps count of it. */
export interface Answer {
  add(event: ProviderEvent): void;
  parts(): Part[];
  readonly finishReason: FinishReason | undefined;
  /** The provider's figures, or an estimate of what has gone to and fro so far. */
  usage(sent: readonly Pick<Message, 'parts'>[], instructions: string | undefined): Usage;
}

interface Call {
  id: string;
  name: string;
  arguments: string;
}

export function createAnswer(): Answer {
  let text = '';
  const calls = new Map<number, Call>();
  let finishReason: FinishReason | undefined;
  let usage: Usage | undefined;

  function parts(): Part[] {
    const list: Part[] = text === '' ? [] : [{ type: 'text', text }];
    for (const call of calls.values()) list.push({ type: 'tool_call', ...call });
    return list;
  }

  return {
    add(event) {
      switch (event.type) {
        case 'text':
          text += event.text;
          return;
        case 'tool_call': {
          const call = calls.get(event.index) ?? { id: '', name: '', arguments: '' };
          calls.set(event.index, {
            id: event.id ?? call.id,
            name: event.name ?? call.name,
            arguments: call.arguments + event.arguments,
          });
          return;
        }
        case 'finish':
          finishReason = event.reason;
          usage = event.usage;
      }
    },
    parts,
    get finishReason() {
      return finishReason;
    },
    usage(sent, instructions) {
      if (usage) return usage;
      const inputTokens = estimateInput(sent, instructions);
      const outputTokens = tokensOf(parts());
      return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
    },
  };
}

/** What a model would read, in tokens. */
export function estimateInput(sent: readonly Pick<Message, 'parts'>[], instructions: string | undefined): number {
  return sent.reduce((sum, { parts }) => sum + tokensOf(parts), estimateTokens(instructions ?? ''));
}

function tokensOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + estimateTokens(textIn(part)), 0);
}
