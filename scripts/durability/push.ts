import { type Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawWebhook } from '../../src/core/ports/channel.ts';

/** Sends a webhook as a platform does. Answers its status, or undefined when the connection broke. */
export function push(agent: Agent, address: string, webhook: RawWebhook): Promise<number | undefined> {
  return new Promise((resolve) => {
    const { method, path, headers, body } = webhook;
    const sent = request(new URL(path, address), {
      agent,
      method,
      headers: { ...headers, 'content-length': body.length },
    });
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
      answer.on('error', () => resolve(undefined));
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}

/** Sends so many copies at once, and goes on until one of them was acknowledged. */
export async function pushUntilTaken(
  agent: Agent,
  address: () => Promise<string>,
  sign: () => RawWebhook,
  copies: number,
): Promise<void> {
  for (let left = copies; ; left = 1) {
    const to = await address();
    const webhook = sign();
    const statuses = await Promise.all(Array.from({ length: left }, () => push(agent, to, webhook)));
    if (statuses.some((status) => status !== undefined && status >= 200 && status < 300)) return;
    const wrong = statuses.find((status) => status !== undefined && status < 500);
    if (wrong !== undefined) throw new Error(`a signed webhook was answered ${wrong}`);
    await sleep(20);
  }
}
