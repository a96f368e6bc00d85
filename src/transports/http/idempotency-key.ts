import { hash } from 'node:crypto';
import type { Operation } from '../../../generated/operations.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Context } from '../../handlers/handler.ts';
import type { Exchange } from './exchange.ts';
import type { Body } from './read-body.ts';

/** The client's name for what may happen once only, where the operation takes one. Throws for one that is none. */
export function idempotencyOf(exchange: Exchange, rules: Operation, body: Body | undefined): Context['idempotency'] {
  const header = exchange.request.headers['idempotency-key'];
  if (header === undefined || rules.idempotent !== 'key') return undefined;
  // The draft quotes the value (a structured-field string), most clients send it bare: both name the same key.
  const key = String(header).replace(/^"(.*)"$/, '$1');
  if (key.length === 0 || key.length > 255) {
    const fault = { pointer: '/headers/idempotency-key', message: 'must have 1 to 255 characters' };
    throw new GatewayError('INVALID_REQUEST', `${fault.pointer} ${fault.message}.`, { faults: [fault] });
  }
  const what = `${rules.method} ${exchange.path}?${exchange.search} ${exchange.version.date}\n`;
  const bytes = Buffer.concat([Buffer.from(what), body?.bytes ?? Buffer.alloc(0)]);
  return { key, fingerprint: hash('sha256', bytes) };
}
