import { text as readAll } from 'node:stream/consumers';
import { readClientKey } from '../config/index.ts';
import { gatewayAddress } from './address.ts';
import { connectChat } from './chat-connection.ts';
import { askOnce, converse } from './converse.ts';
import { Failure } from './failure.ts';
import { note } from './terminal.ts';

export interface ChatOptions {
  session?: string;
  model?: string;
  url?: string;
  key?: string;
}

/** What a shell expects of a program that was interrupted. */
const interrupted = 130;

export async function chat(words: string, { session, model, url, key = readClientKey() }: ChatOptions): Promise<void> {
  if (key === undefined) {
    throw new Failure('Talking needs a key. Set GATEWAY_KEY, or make one: `npm run gateway -- keys create`.');
  }
  const { stdin } = process;
  const message = words !== '' || stdin.isTTY ? words : (await readAll(stdin)).trim();
  const connection = await connectChat(gatewayAddress(url), key);
  const first = {
    ...(session === undefined ? {} : { sessionId: session }),
    ...(model === undefined ? {} : { model }),
  };
  const leave = (exitCode: number) => void connection.close().then(() => process.exit(exitCode));
  process.once('SIGINT', () => leave(interrupted));
  try {
    if (message !== '') {
      note(await askOnce(connection, { ...first, text: message }, process.stdout));
    } else {
      const streams = { input: stdin, output: process.stdout, prompts: process.stderr, leave: () => leave(0) };
      await converse(connection, first, streams);
    }
  } finally {
    await connection.close();
  }
}
