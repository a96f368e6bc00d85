import type { Operation } from '../../../generated/operations.ts';
import type { Abort } from '../../core/abort.ts';
import { Expiring } from '../../core/deadline-sweep.ts';
import { GatewayError } from '../../core/errors.ts';

/** The contract's bound on an operation. */
export class RequestDeadline extends Expiring {
  readonly #abort: Abort;
  readonly #rules: Operation;

  constructor(abort: Abort, rules: Operation, now: number) {
    super();
    this.#abort = abort;
    this.#rules = rules;
    this.deadlineAt = now + rules.timeoutMs;
  }

  expire(): void {
    this.#abort.abort(outOfTime(this.#rules));
  }
}

/** Where a provider is asked, the contract has an answer for one that is late. */
function outOfTime({ answers }: Operation): GatewayError {
  if ('504' in answers) {
    return new GatewayError('PROVIDER_TIMEOUT', 'The provider did not answer in time. Try again.');
  }
  return new GatewayError('CONFLICT', 'Something else holds what the request needs. Try again.', { retryAfter: 1 });
}
