import { textIn } from './history.ts';
import type { Message, Part } from './message.ts';
import type { ProviderEvent } from './ports/provider.ts';
import type { FinishReason } from './run.ts';
import { estimateTokens, type Usage } from './usage.ts';

interface Call {
  id: string;
  name: string;
  arguments: string;
}

/** Gathers what a provider says into one message and keeps count of it. */
export class Answer {
  #text = '';
  #calls: Map<number, Call> | undefined;
  #finishReason: FinishReason | undefined;
  #usage: Usage | undefined;

  get finishReason(): FinishReason | undefined {
    return this.#finishReason;
  }

  add(event: ProviderEvent): void {
    switch (event.type) {
      case 'text':
        this.#text += event.text;
        return;
      case 'tool_call': {
        this.#calls ??= new Map();
        const call = this.#calls.get(event.index) ?? { id: '', name: '', arguments: '' };
        this.#calls.set(event.index, {
          id: event.id ?? call.id,
          name: event.name ?? call.name,
          arguments: call.arguments + event.arguments,
        });
        return;
      }
      case 'finish':
        this.#finishReason = event.reason;
        this.#usage = event.usage;
    }
  }

  parts(): Part[] {
    const list: Part[] = this.#text === '' ? [] : [{ type: 'text', text: this.#text }];
    for (const call of this.#calls?.values() ?? []) list.push({ type: 'tool_call', ...call });
    return list;
  }

  /** The provider's figures, or an estimate of what has gone to and fro so far. */
  usage(sent: readonly Pick<Message, 'parts'>[], instructions: string | undefined): Usage {
    if (this.#usage) return this.#usage;
    const inputTokens = estimateInput(sent, instructions);
    const outputTokens = tokensOf(this.parts());
    return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
  }
}

/** What a model would read, in tokens. */
export function estimateInput(sent: readonly Pick<Message, 'parts'>[], instructions: string | undefined): number {
  return sent.reduce((sum, { parts }) => sum + tokensOf(parts), estimateTokens(instructions ?? ''));
}

function tokensOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + estimateTokens(textIn(part)), 0);
}
