import { type OutboundSend, type ReplyTarget, SendError, type SentMessage } from '../../core/ports/channel.ts';
import { type Fault, toSendError } from '../wire/from-answer.ts';
import type { HttpAnswer, HttpClient } from '../wire/http-client.ts';
import { idIn, isObject } from '../wire/json-shape.ts';
import { changesNothing, fromAnswer } from './from-answer.ts';
import { manifest } from './manifest.ts';

export interface Api {
  readonly client: HttpClient;
  readonly apiRoot: string;
  readonly botToken: string;
}

export async function send(api: Api, outbound: OutboundSend, signal: AbortSignal): Promise<SentMessage> {
  const { address } = outbound.target;
  const result = await call(
    api,
    'sendMessage',
    {
      ...placeOf(outbound.target),
      ...textOf(outbound),
      ...(outbound.first && address.replyTo !== undefined
        ? { reply_parameters: { message_id: Number(address.replyTo), allow_sending_without_reply: true } }
        : {}),
    },
    signal,
  );
  const message = isObject(result) ? idIn(result, 'message_id') : undefined;
  if (message === undefined) throw new SendError('unavailable', 'telegram: no message in the answer');
  return { message };
}

export async function edit(api: Api, outbound: OutboundSend & { message: string }, signal: AbortSignal): Promise<void> {
  const { chat_id } = placeOf(outbound.target);
  const body = { chat_id, message_id: Number(outbound.message), ...textOf(outbound) };
  await call(api, 'editMessageText', body, signal, changesNothing);
}

export async function typing(api: Api, target: ReplyTarget, signal: AbortSignal): Promise<void> {
  await call(api, 'sendChatAction', { ...placeOf(target), action: 'typing' }, signal);
}

/** The topic goes with every message: without it, it would land in another conversation. */
function placeOf({ address: { chat = '', topic } }: ReplyTarget) {
  return { chat_id: chat, ...(topic === undefined ? {} : { message_thread_id: Number(topic) }) };
}

function textOf({ chunk, plain }: OutboundSend) {
  return {
    ...(plain ? { text: chunk.plain } : { text: chunk.text, parse_mode: 'HTML' }),
    // A preview is a request to an address that a model has made up, with whatever it put into it.
    link_preview_options: { is_disabled: true },
  };
}

interface Call {
  readonly chat_id: string;
  readonly [parameter: string]: unknown;
}

async function call(
  api: Api,
  method: string,
  body: Call,
  signal: AbortSignal,
  isFine: (fault: Fault) => boolean = () => false,
): Promise<unknown> {
  let answer = await post(api, method, body, signal);
  let outcome = fromAnswer(answer);
  if ('movedTo' in outcome) {
    answer = await post(api, method, { ...body, chat_id: outcome.movedTo }, signal);
    outcome = fromAnswer(answer);
  }
  if ('result' in outcome) return outcome.result;
  const fault: Fault = 'fault' in outcome ? outcome.fault : { kind: 'refused', detail: 'the group moves on and on' };
  if (isFine(fault)) return undefined;
  throw toSendError(manifest.name, fault, answer, [api.botToken]);
}

function post(api: Api, method: string, body: Call, signal: AbortSignal): Promise<HttpAnswer> {
  return api.client.exchange(
    {
      method: 'POST',
      url: new URL(`${api.apiRoot}/bot${api.botToken}/${method}`),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
    signal,
  );
}
