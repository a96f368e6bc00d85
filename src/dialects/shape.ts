import type { DocumentName, OperationId } from '../../generated/operations.ts';
import type { GatewayError } from '../core/errors.ts';

/**
 * A vendor's API as it is served beside our own versions: its paths, and how it tells a failure. It has no versions of
 * ours, takes nothing up and brings nothing down: what its handlers answer is what goes out.
 */
export interface ForeignShape {
  /** As in the contract. Named as a version's is, because both name a document. */
  readonly date: DocumentName;
  /** Whether a path is answered in this shape, also when there is nothing under it. */
  serves(path: string): boolean;
  /** Under which name the vendor's clients look for the request's id, beside `X-Request-Id`. */
  readonly requestIdHeader?: string;
  failure(error: GatewayError, asked: ForeignRequest): ForeignFailure;
}

/** What a failure may be of. */
export interface ForeignRequest {
  requestId: string;
  /** Unknown where there is none at the path. */
  operation: OperationId | undefined;
}

export interface ForeignFailure {
  status: number;
  body: object;
  /** Name, value, name, value. The request's id is added by whoever sends it, and so is `Retry-After` where it helps. */
  headers: readonly string[];
}
