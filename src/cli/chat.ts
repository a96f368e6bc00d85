import { createInterface } from 'node:readline/promises';
import { text as readAll } from 'node:stream/consumers';
import { readClientKey } from '../config/index.ts';
import { gatewayAddress } from './address.ts';
import { type ChatConnection, connectChat, type Ending } from './chat-connection.ts';
import { describeFailure, Failure } from './failure.ts';
import { note } from './terminal.ts';

export interface ChatOptions {
  session?: string;
  model?: string;
  url?: string;
  key?: string;
}

/** What a shell expects of a program that was interrupted. */
const interrupted = 130;

export async function chat(words: string, options: ChatOptions): Promise<void> {
  const key = options.key ?? readClientKey();
  if (key === undefined) {
    throw new Failure('Talking needs a key. Set GATEWAY_KEY, or make one: `npm run gateway -- keys create`.');
  }
  const message = words !== '' || process.stdin.isTTY ? words : (await readAll(process.stdin)).trim();
  const connection = await connectChat(gatewayAddress(options.url), key);
  try {
    if (message === '') await converse(connection, options);
    else await askOnce(connection, message, options);
  } finally {
    await connection.close();
  }
}

async function askOnce(connection: ChatConnection, message: string, options: ChatOptions): Promise<void> {
  process.once('SIGINT', () => leave(connection, interrupted));
  tell(await answer(connection, message, options.session, options.model));
}

/** Until the end of the input, or Ctrl-C. */
async function converse(connection: ChatConnection, options: ChatOptions): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: '> ' });
  lines.on('SIGINT', () => leave(connection, 0));
  let session = options.session;
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') {
      try {
        const ending = await answer(connection, line, session, options.model);
        session = ending.sessionId;
        tell(ending);
      } catch (error) {
        if (connection.lost || !(error instanceof Failure)) throw error;
        note(describeFailure(error));
      }
    }
    lines.prompt();
  }
}

function leave(connection: ChatConnection, exitCode: number): void {
  note('');
  void connection.close().then(() => process.exit(exitCode));
}

async function answer(
  connection: ChatConnection,
  text: string,
  session: string | undefined,
  model: string | undefined,
): Promise<Ending> {
  const question = {
    text,
    ...(session === undefined ? {} : { sessionId: session }),
    ...(model === undefined ? {} : { model }),
  };
  try {
    return await connection.ask(question, (piece) => process.stdout.write(piece));
  } finally {
    process.stdout.write('\n');
  }
}

function tell({ sessionId, model, totalTokens }: Ending): void {
  note(`${sessionId} · ${model}${totalTokens === undefined ? '' : ` · ${totalTokens} tokens`}`);
}
