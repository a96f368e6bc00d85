/**
 * Versions of the contract. Core and handlers know the newest shape only; an older version is a folder of pure functions
 * that take its requests up and bring answers, run events and frames down. Transports frame what comes out and look at
 * none of it.
 */
import type { ApiVersion, OperationId } from '../../generated/operations.ts';
import type { ContractChatRequest } from '../handlers/from-chat-request.ts';
import type { StreamEvent } from '../handlers/to-event.ts';
import type { ContractMessage } from '../handlers/to-message.ts';
import type { Problem } from '../handlers/to-problem.ts';

export interface Version {
  readonly date: ApiVersion;
  /** As in the path: `/api/v1`. */
  readonly family: string;
  /** Present when the version as a whole will be retired. */
  readonly deprecation?: Deprecation;
  /** Present when parts of it will be. */
  readonly retiring?: Retiring;
  /** What this version does differently from the one after it, newest first. */
  readonly changes: readonly Change[];
  /** A body that fits this version's contract as the newest one's. */
  request(operation: OperationId, body: unknown): unknown;
  /** The newest answer as this version's body. `now` is milliseconds since 1970. */
  answer(operation: OperationId, body: unknown, now: number): unknown;
  readonly problemType: string;
  problem(problem: Problem): object;
  /** The events of a stream that this version has for one of the newest. */
  events(event: StreamEvent): NamedEvent[];
  readonly frames: Frames;
}

export interface Frames {
  /** What a client's `message` frame asks for, without `type` and `id`. */
  request(frame: object): ContractChatRequest;
  event(event: StreamEvent): object[];
  /** The end of a run that was asked for with `stream: false`. */
  whole(event: TerminalEvent): object[];
  /** A message that was said in a session of the same user. */
  said(sessionId: string, message: ContractMessage): object;
  error(problem: Problem): object;
}

export type TerminalEvent = Extract<StreamEvent, { type: 'run.completed' | 'run.failed' }>;

/** `name` stands on the `event:` line of Server-Sent Events. */
export interface NamedEvent {
  name: string;
  data: object;
}

export interface Deprecation {
  /** Dates. */
  deprecated: string;
  sunset?: string;
  successor: string;
}

/** What of a version ends before the version does. */
export interface Retiring {
  readonly operations: Readonly<Partial<Record<OperationId, Ending>>>;
  /** Members of request bodies, as JSON pointers. */
  readonly members: Readonly<Partial<Record<OperationId, Readonly<Record<string, Ending>>>>>;
}

/** Dates; absent where the contract names none. */
export interface Ending {
  readonly deprecated?: string;
  readonly sunset?: string;
}

export interface Change {
  title: string;
  /** How a client of this version moves to the next. */
  migration: string;
}
