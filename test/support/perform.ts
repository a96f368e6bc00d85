import type { OperationId } from '../../generated/operations.ts';
import type { Gateway } from '../../src/core/gateway.ts';
import type { Principal } from '../../src/core/principal.ts';
import { createDocuments } from '../../src/handlers/documents.ts';
import type { Context, Input, Sent } from '../../src/handlers/handler.ts';
import { handlers } from '../../src/handlers/index.ts';
import { replyOf } from '../../src/transports/http/reply.ts';

export interface PerformOptions {
  principal: Principal;
  signal?: AbortSignal;
  idempotency?: Context['idempotency'];
  accept?: string;
}

/** An operation as its handler does it, without a transport and in the newest shape. */
export async function perform<Id extends OperationId>(
  gateway: Gateway,
  operation: Id,
  input: Input<Id>,
  { principal, signal = new AbortController().signal, idempotency, accept }: PerformOptions,
): Promise<Sent<Id>> {
  const context: Context = {
    gateway,
    principal,
    signal,
    documents: createDocuments(),
    conformance: { report: () => ({ mode: 'off', checked: 0, violations: [] }) },
    metrics: async () => '# EOF\n',
    now: Date.now,
    ...(idempotency ? { idempotency } : {}),
    ...(accept === undefined ? {} : { accept }),
  };
  return handlers[operation](context, input, replyOf(operation));
}
