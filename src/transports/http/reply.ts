import type { OperationId } from '../../../generated/operations.ts';
import type { Reply, Sent, SentOptions } from '../../handlers/handler.ts';

const made = new Map<OperationId, object>();

/**
 * The `reply` that a handler is given, the same for every request of an operation. Its types have already seen to it that
 * what it takes fits the contract.
 */
export function replyOf<Id extends OperationId>(operation: Id): Reply<Id> {
  const reply = made.get(operation) ?? make(operation);
  made.set(operation, reply);
  // The declared type is narrower than what is made here: it lets through only what the operation may answer.
  return reply as Reply<Id>;
}

function make<Id extends OperationId>(operation: Id): object {
  const reply = (status: number, body: unknown, { replayed = false, run, tokens }: SentOptions = {}): Sent<Id> =>
    run ? { operation, status, body, replayed, by: run, tokens } : { operation, status, body, replayed };
  const stream = (run: NonNullable<Sent<Id>['run']>): Sent<Id> => ({
    operation,
    status: 200,
    run,
    by: run.run,
    tokens: run.tokens,
    replayed: run.replayed,
  });
  const text = (answer: NonNullable<Sent<Id>['text']>): Sent<Id> => ({
    operation,
    status: 200,
    text: answer,
    replayed: false,
    ...(answer.run ? { by: answer.run, tokens: answer.tokens } : {}),
  });
  const raw = (answer: NonNullable<Sent<Id>['raw']>): Sent<Id> => ({
    operation,
    status: answer.status,
    raw: answer,
    replayed: false,
  });
  return Object.assign(reply, { stream, text, raw });
}
