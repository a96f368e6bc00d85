import { type OutboundSend, SendError, type SentMessage } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { type Fault, fromStatus, toSendError } from '../wire/from-answer.ts';
import type { HttpAnswer, HttpClient } from '../wire/http-client.ts';
import { textIn } from '../wire/json-shape.ts';
import { fromAnswer, isOutside } from './from-answer.ts';
import { manifest } from './manifest.ts';

export interface Api {
  readonly client: HttpClient;
  readonly apiRoot: string;
  readonly botToken: string;
  readonly clock: Clock;
}

/** What was sent to a hook has no name by which it could be edited. */
const byHook = 'hook';

/**
 * As a message of the bot; where it is not invited and the address of a command is still good, by that one, which allows
 * five answers.
 */
export async function send(api: Api, outbound: OutboundSend, signal: AbortSignal): Promise<SentMessage> {
  const { channel = '', thread, hook, hookUntil } = outbound.target.address;
  const answer = await post(
    api,
    'chat.postMessage',
    { channel, ...(thread === undefined ? {} : { thread_ts: thread }), ...textOf(outbound), ...noPreviews },
    signal,
  );
  const outcome = fromAnswer(answer);
  if ('result' in outcome) {
    const message = textIn(outcome.result, 'ts');
    if (message === undefined) throw new SendError('unavailable', 'slack: no message in the answer');
    return { message };
  }
  if (!isOutside(outcome.fault) || hook === undefined || api.clock.now() >= Number(hookUntil)) {
    throw refused(api, outcome.fault, answer);
  }
  return sendToHook(api, new URL(hook), outbound, signal);
}

async function sendToHook(api: Api, url: URL, outbound: OutboundSend, signal: AbortSignal): Promise<SentMessage> {
  const body = { response_type: 'in_channel', replace_original: false, ...textOf(outbound) };
  const answer = await api.client.exchange({ method: 'POST', url, headers: json, body: JSON.stringify(body) }, signal);
  if (answer.status === 200) return { message: byHook };
  const outcome = fromAnswer(answer);
  const fault: Fault = 'fault' in outcome ? outcome.fault : { kind: fromStatus(answer.status) };
  // It is gone after its half hour or its fifth use.
  const isGone = answer.status === 404 || answer.status === 410;
  throw refused(api, isGone ? { ...fault, kind: 'expired' } : fault, answer, [url.href, url.pathname]);
}

export async function edit(api: Api, outbound: OutboundSend & { message: string }, signal: AbortSignal): Promise<void> {
  if (outbound.message === byHook) throw new SendError('refused', 'slack: this message cannot be edited');
  const { channel = '' } = outbound.target.address;
  const answer = await post(api, 'chat.update', { channel, ts: outbound.message, ...textOf(outbound) }, signal);
  const outcome = fromAnswer(answer);
  if ('fault' in outcome) throw refused(api, outcome.fault, answer);
}

function textOf({ chunk, plain }: OutboundSend) {
  return plain ? { text: chunk.plain, mrkdwn: false } : { text: chunk.text };
}

const json = { 'content-type': 'application/json; charset=utf-8' };
/** A preview is a request to an address that a model has made up, with whatever it put into it. */
const noPreviews = { unfurl_links: false, unfurl_media: false };

function post(api: Api, method: string, body: object, signal: AbortSignal): Promise<HttpAnswer> {
  const headers = { ...json, authorization: `Bearer ${api.botToken}` };
  const url = new URL(`${api.apiRoot}/${method}`);
  return api.client.exchange({ method: 'POST', url, headers, body: JSON.stringify(body) }, signal);
}

function refused(api: Api, fault: Fault, answer: HttpAnswer, secrets: readonly string[] = []): SendError {
  return toSendError(manifest.name, fault, answer, [...secrets, api.botToken]);
}
