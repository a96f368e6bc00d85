import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { loadConfig } from '../config/index.ts';
import { signWebhook } from '../server.ts';
import { gatewayAddress } from './address.ts';
import { Failure } from './failure.ts';
import { note, printJson } from './terminal.ts';

export interface TriggerOptions {
  text: string;
  conversation?: string;
  sender: string;
  name?: string;
  id?: string;
  privateKey?: string;
  url?: string;
  json?: boolean;
}

/** Sends the running gateway a webhook as the platform would, signed with the configured secret. */
export async function trigger(channel: string, options: TriggerOptions): Promise<void> {
  const config = loadConfig();
  const now = Date.now();
  const webhook = await signWebhook(
    config,
    channel,
    {
      id: options.id ?? String(now),
      text: options.text,
      conversation: options.conversation ?? options.sender,
      sender: { id: options.sender, ...(options.name === undefined ? {} : { name: options.name }) },
      at: now,
    },
    options.privateKey === undefined ? undefined : readFileSync(options.privateKey, 'utf8').trim(),
  );
  const gateway = gatewayAddress(options.url);
  const { status, body } = await post(new URL(webhook.path, gateway), webhook.headers, webhook.body);
  if (options.json) printJson({ channel, status, body });
  else note(`${channel} pushed a message; the gateway answered ${status} ${body}`);
  if (status >= 300) {
    throw new Failure(
      `The gateway did not take it. Does it run with the same configuration? \`npm run gateway -- doctor\` tells.`,
    );
  }
}

function post(
  url: URL,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, agent: false });
    sent.on('response', (answer) => {
      readText(answer).then((text) => resolve({ status: answer.statusCode ?? 0, body: text }), reject);
    });
    sent.on('error', () => reject(new Failure(`No gateway answers at ${url.origin}. \`npm start\` starts one.`)));
    sent.end(body);
  });
}
