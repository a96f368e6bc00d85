import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { json } from 'node:stream/consumers';
import { Failure } from './failure.ts';

const deadlineMs = 5000;

export interface Answer {
  status: number;
  body: unknown;
}

/** One GET to the gateway. */
export async function ask(gateway: URL, path: string, key?: string): Promise<Answer> {
  const url = new URL(path, gateway);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  send(url, { headers, agent: false, signal: AbortSignal.timeout(deadlineMs) }, resolve)
    .on('error', reject)
    .end();
  try {
    const answer = await promise;
    return { status: answer.statusCode ?? 0, body: await json(answer) };
  } catch (error) {
    throw new Failure(`No gateway answers at ${gateway.origin}: ${reason(error)}. \`npm start\` starts one.`);
  }
}

function reason(error: unknown): string {
  if (error instanceof SyntaxError) return 'what answers there is something else';
  const { code, name } = { code: '', name: '', ...(error instanceof Error ? { ...error, name: error.name } : {}) };
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (name === 'TimeoutError' || code === 'ABORT_ERR') return `no answer within ${deadlineMs / 1000} s`;
  return code || 'the connection failed';
}
