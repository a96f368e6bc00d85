import { createInterface } from 'node:readline/promises';
import type { ChatConnection, Ending, Question } from './chat-connection.ts';
import { describeFailure, Failure } from './failure.ts';

export interface Streams {
  input: NodeJS.ReadableStream;
  /** Answers, and nothing else. */
  output: NodeJS.WritableStream;
  /** Everything around them. */
  prompts: NodeJS.WritableStream;
  /** Ctrl-C, also while an answer comes. */
  leave(): void;
}

/** Line after line in one session, until the input ends or Ctrl-C. A refused line does not end it, a lost gateway does. */
export async function converse(
  connection: ChatConnection,
  first: Omit<Question, 'text'>,
  { input, output, prompts, leave }: Streams,
): Promise<void> {
  const lines = createInterface({ input, output: prompts, prompt: '> ' });
  const question = { ...first };
  let open = true;
  lines.on('SIGINT', leave).on('close', () => {
    open = false;
  });
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') {
      try {
        const ending = await answer(connection, { ...question, text: line }, output);
        question.sessionId = ending.sessionId;
      } catch (error) {
        if (connection.lost || !(error instanceof Failure)) throw error;
        prompts.write(`${describeFailure(error)}\n`);
      }
    }
    // Lines that came before the end are still answered.
    if (open) lines.prompt();
  }
}

/** Writes the answer as it comes, and tells what else there is to know of it. */
export async function askOnce(
  connection: ChatConnection,
  question: Question,
  output: NodeJS.WritableStream,
): Promise<string> {
  const { sessionId, model, totalTokens } = await answer(connection, question, output);
  return `${sessionId} · ${model}${totalTokens === undefined ? '' : ` · ${totalTokens} tokens`}`;
}

async function answer(connection: ChatConnection, question: Question, output: NodeJS.WritableStream): Promise<Ending> {
  let begun = false;
  try {
    return await connection.ask(question, (text) => {
      begun = true;
      output.write(text);
    });
  } finally {
    if (begun) output.write('\n');
  }
}
