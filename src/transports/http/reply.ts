import type { OperationId } from '../../../generated/operations.ts';
import type { Reply, Sent } from '../../handlers/handler.ts';

/** Makes the `reply` that a handler is given. Its types have already seen to it that what it takes fits the contract. */
export function createReply<Id extends OperationId>(operation: Id): Reply<Id> {
  const reply = (status: number, body: unknown, options?: { replayed?: boolean }): Sent<Id> => ({
    operation,
    status,
    body,
    replayed: options?.replayed ?? false,
  });
  const stream = (run: NonNullable<Sent<Id>['run']>): Sent<Id> => ({
    operation,
    status: 200,
    run,
    replayed: run.replayed,
  });
  const raw = (answer: NonNullable<Sent<Id>['raw']>): Sent<Id> => ({
    operation,
    status: answer.status,
    raw: answer,
    replayed: false,
  });
  // The declared type is narrower than what is made here: it lets through only what the operation may answer.
  return Object.assign(reply, { stream, raw }) as Reply<Id>;
}
