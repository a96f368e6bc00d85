import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperationId } from '../../../generated/operations.ts';
import type { Abort } from '../../core/abort.ts';
import type { LimitState } from '../../core/ports/limiter.ts';
import type { Principal } from '../../core/principal.ts';
import type { Run } from '../../core/run.ts';
import type { ForeignShape } from '../../dialects/shape.ts';
import type { Version } from '../../versions/version.ts';

/** One request and what is known of it so far. Everything that answers it reads from here. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly startedAt: number;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly search: string;
  /** From the path: `v1`. */
  family: string | undefined;
  operation: OperationId | undefined;
  pathParameters: Record<string, string>;
  version: Version;
  /** Set for a path of a vendor's API, which is answered in that vendor's words. */
  foreign: ForeignShape | undefined;
  /** The run that answers, as far as it has come. */
  by: Run | undefined;
  /** What is left of the key's tokens, where they are limited. */
  tokens: LimitState | undefined;
  /** True for paths under `/api`: their answers name the version. */
  versioned: boolean;
  principal: Principal | undefined;
  limit: LimitState | undefined;
  /** Header pairs that announce the end of what this request used. */
  notices: readonly string[];
  /** Aborts when the client leaves or the time is up. */
  readonly abort: Abort;
}
