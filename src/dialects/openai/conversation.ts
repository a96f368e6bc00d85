import type { Message, Part, ToolResultPart } from '../../core/message.ts';

type Said = Pick<Message, 'role' | 'parts'>;

export interface Conversation {
  instructions?: string;
  messages: Said[];
}

/** Puts a conversation together from what comes in order. */
export interface ConversationBuilder {
  /** Instructions hold for all of it, wherever they stand. */
  instruct(text: string): void;
  /** Behind the results of tools the user speaks in the same message. */
  say(parts: Part[]): void;
  result(part: ToolResultPart): void;
  /** Calls of tools belong to what is said before them. */
  answer(parts: Part[]): void;
  /** Whether it ends with what can be answered. */
  isAnswerable(): boolean;
  end(): Conversation;
}

export function createConversation(): ConversationBuilder {
  const instructions: string[] = [];
  const messages: Said[] = [];

  function behindResults(parts: Part[]): void {
    const last = messages.at(-1);
    if (last?.parts.at(-1)?.type === 'tool_result') last.parts.push(...parts);
    else messages.push({ role: 'user', parts });
  }

  /** What is called behind what is said belongs to it; two things that were said were said one after the other. */
  function answer(parts: Part[]): void {
    const last = messages.at(-1);
    if (last?.role === 'assistant' && parts[0]?.type === 'tool_call') last.parts.push(...parts);
    else messages.push({ role: 'assistant', parts });
  }

  return {
    instruct(text) {
      if (text !== '') instructions.push(text);
    },
    say: behindResults,
    result: (part) => behindResults([part]),
    answer,
    isAnswerable: () => messages.at(-1)?.role === 'user',
    end: () => ({
      ...(instructions.length > 0 ? { instructions: instructions.join('\n\n') } : {}),
      messages,
    }),
  };
}
