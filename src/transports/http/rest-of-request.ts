import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../core/ports/clock.ts';
import type { Exchange } from './exchange.ts';
import { headOf, type WholeAnswer } from './write-answer.ts';

/** Most of what has been sent by then anyway. */
const littleBytes = 64 * 1024;
const patienceMs = 1000;

/**
 * Whether what may still come of a request is so little that it can pass, and the connection serve again. Node does not
 * know of a request without a body that it is complete before its handler has returned, so its head is asked.
 */
export function leavesLittle({ complete, headers }: IncomingMessage): boolean {
  return (
    complete || (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= littleBytes)
  );
}

/**
 * Answers at once and ends the connection only when the rest of the request has come, or a moment later: a connection
 * that is closed with unread bytes is reset, and its client would never see why.
 */
export async function writeBeforeRest(exchange: Exchange, answer: WholeAnswer, clock: Clock): Promise<void> {
  const { request, response } = exchange;
  const headers = [...answer.headers, 'Connection', 'close'];
  response.writeHead(answer.status, headOf(exchange, { ...answer, headers }));
  response.write(answer.text);
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(patienceMs, resolve);
  request.once('end', resolve).once('close', resolve).resume();
  await arrived;
  timer.cancel();
  response.end();
}
