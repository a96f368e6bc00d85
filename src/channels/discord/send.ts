import { hash } from 'node:crypto';
import { type OutboundSend, SendError, type SentMessage } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { toSendError } from '../wire/from-answer.ts';
import type { HttpClient, HttpRequest } from '../wire/http-client.ts';
import { idIn, parseObject } from '../wire/json-shape.ts';
import { fromAnswer } from './from-answer.ts';
import { manifest } from './manifest.ts';

export interface Api {
  readonly client: HttpClient;
  readonly apiRoot: string;
  readonly botToken: string;
  readonly clock: Clock;
}

interface Call {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly body?: object;
}

/**
 * With the interaction's token for as long as it is good, needing no permission of anybody; with the bot's afterwards, as
 * a message of the channel.
 */
export async function send(api: Api, outbound: OutboundSend, signal: AbortSignal): Promise<SentMessage> {
  const { interaction, channel } = pathsOf(outbound);
  const byToken: Call = outbound.first
    ? { method: 'PATCH', path: `${interaction}/messages/@original` }
    : { method: 'POST', path: interaction };
  const nonce = hash('sha256', outbound.deliveryId, 'base64url').slice(0, 25);
  const byBot: Call = { method: 'POST', path: `${channel}/messages`, body: { nonce, enforce_nonce: true } };
  const answer = await callEither(api, outbound, byToken, byBot, signal);
  const message = idIn(parseObject(answer), 'id');
  if (message === undefined) throw new SendError('unavailable', 'discord: no message in the answer');
  return { message };
}

export async function edit(api: Api, outbound: OutboundSend & { message: string }, signal: AbortSignal): Promise<void> {
  const { interaction, channel } = pathsOf(outbound);
  const path = `/messages/${encodeURIComponent(outbound.message)}`;
  const byToken: Call = { method: 'PATCH', path: interaction + path };
  const byBot: Call = { method: 'PATCH', path: channel + path };
  await callEither(api, outbound, byToken, byBot, signal);
}

function pathsOf({ target: { address } }: OutboundSend) {
  const { application = '', token = '', channel = '' } = address;
  return {
    interaction: `/webhooks/${encodeURIComponent(application)}/${encodeURIComponent(token)}`,
    channel: `/channels/${encodeURIComponent(channel)}`,
  };
}

async function callEither(
  api: Api,
  outbound: OutboundSend,
  byToken: Call,
  byBot: Call,
  signal: AbortSignal,
): Promise<string> {
  const { tokenUntil, channel } = outbound.target.address;
  const canByBot = channel !== undefined && api.botToken !== '';
  if (api.clock.now() < Number(tokenUntil)) {
    try {
      return await call(api, outbound, byToken, undefined, signal);
    } catch (error) {
      if (!(error instanceof SendError && error.kind === 'expired' && canByBot)) throw error;
    }
  }
  if (!canByBot) throw new SendError('expired', 'discord: the interaction is over');
  return call(api, outbound, byBot, api.botToken, signal);
}

async function call(
  api: Api,
  { chunk, plain, target }: OutboundSend,
  { method, path, body }: Call,
  botToken: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const answer = await api.client.exchange(
    {
      method,
      url: new URL(api.apiRoot + path),
      headers: {
        'content-type': 'application/json',
        ...(botToken === undefined ? {} : { authorization: `Bot ${botToken}` }),
      },
      body: JSON.stringify({
        content: plain ? chunk.plain : chunk.text,
        // Nobody is called by what a model wrote, not even everybody.
        allowed_mentions: { parse: [] },
        flags: suppressEmbeds,
        ...body,
      }),
    },
    signal,
  );
  if (answer.status >= 200 && answer.status < 300) return answer.text;
  throw toSendError(manifest.name, fromAnswer(answer), answer, [target.address.token ?? '', api.botToken]);
}

/** A preview is a request to an address that a model has made up, with whatever it put into it. */
const suppressEmbeds = 4;
