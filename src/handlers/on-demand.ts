import type { OperationId } from '../../generated/operations.ts';
import type { Handler } from './handler.ts';

/**
 * A handler that is read when somebody first asks for its operation. The mappings of a vendor's words are a sixth of all
 * files, and most gateways are spoken to in few of them.
 */
export function onDemand<Id extends OperationId>(read: () => Promise<Handler<Id>>): Handler<Id> {
  let handler: Handler<Id> | undefined;
  return (context, input, reply) => {
    if (handler) return handler(context, input, reply);
    return read().then((known) => {
      handler = known;
      return known(context, input, reply);
    });
  };
}
