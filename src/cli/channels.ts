import { loadConfig } from '../config/index.ts';
import { openStore } from '../server.ts';
import { Failure } from './failure.ts';
import { note, print, printJson, table } from './terminal.ts';

/** Who wrote to a channel, and who may. */
export async function listSenders(channel: string, { json }: { json?: boolean }): Promise<void> {
  const config = loadConfig();
  known(channel, Object.keys(config.channels));
  const store = await openStore(config);
  try {
    const senders = await store.listSenders(channel);
    if (json) return printJson(senders);
    if (senders.length === 0) return note(`Nobody has written to ${channel} yet.`);
    print(
      table(
        ['SENDER', 'MAY TALK', 'SINCE', 'NAME'],
        senders.map(({ id, allowed, firstSeenAt, name = '' }) => [
          id,
          allowed ? 'yes' : 'no',
          new Date(firstSeenAt).toISOString().slice(0, 10),
          name,
        ]),
      ),
    );
  } finally {
    await store.close();
  }
}

/** Lets a person into direct conversations, or a group as a whole. */
export async function approveSender(channel: string, sender: string, { json }: { json?: boolean }): Promise<void> {
  const config = loadConfig();
  known(channel, Object.keys(config.channels));
  const store = await openStore(config);
  try {
    await store.allowSender(channel, sender, Date.now());
  } finally {
    await store.close();
  }
  if (json) printJson({ channel, sender, allowed: true });
  else note(`${sender} may talk to ${channel}.`);
}

function known(channel: string, channels: readonly string[]): void {
  if (!channels.includes(channel))
    throw new Failure(`There is no channel ${channel}. There are ${channels.join(', ')}.`);
}
