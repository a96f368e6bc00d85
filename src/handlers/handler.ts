/**
 * A handler is one operation of the contract, in its newest shape: (context, input, reply) → what was replied. Its types
 * are made from the contract, so that a handler that is missing, reads what is not asked for or answers another shape
 * does not compile. It knows no transport and no older version.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { OperationId } from '../../generated/operations.ts';
import type { operations as NewestOperations } from '../../generated/types/2026-11-01.ts';
import type { operations as AnthropicOperations } from '../../generated/types/anthropic.ts';
import type { operations as OpenAiOperations } from '../../generated/types/openai.ts';
import type { Gateway } from '../core/gateway.ts';
import type { RawWebhook, WebhookAnswer } from '../core/ports/channel.ts';
import type { LimitState } from '../core/ports/limiter.ts';
import type { Signal } from '../core/ports/signal.ts';
import type { Principal } from '../core/principal.ts';
import type { Run } from '../core/run.ts';
import type { ActiveRun } from '../core/runs.ts';
import type { Documents } from './documents.ts';

type Operations = NewestOperations & OpenAiOperations & AnthropicOperations;

export interface Context {
  gateway: Gateway;
  principal: Principal;
  /** Aborts when the client leaves or the operation's time is up. */
  signal: Signal;
  documents: Documents;
  conformance: { report(): Answer<'getConformance', 200> };
  /** The metrics in the Prometheus text format. */
  metrics: () => Promise<string>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Present when the request carries an Idempotency-Key. */
  idempotency?: { key: string; fingerprint: string };
  /** The `Accept` header, for operations that answer in several forms. */
  accept?: string;
  /** Present for operations that take their body as it is. */
  webhook?: RawWebhook;
  /** The request as it came, for shapes that hand it on. Present where there is a body. */
  source?: Source;
}

export interface Source {
  bytes: Buffer;
  headers: IncomingHttpHeaders;
}

export type Handler<Id extends OperationId> = (
  context: Context,
  input: Input<Id>,
  reply: Reply<Id>,
) => Promise<Sent<Id>> | Sent<Id>;

export type Handlers = { readonly [Id in OperationId]: Handler<Id> };

export interface Input<Id extends OperationId> {
  path: Member<Operations[Id]['parameters'], 'path'>;
  query: Member<Operations[Id]['parameters'], 'query'>;
  body: BodyOf<Operations[Id]>;
}

/** A function and not an object literal, because only the arguments of a call are checked for members too many. */
export interface Reply<Id extends OperationId> {
  <Status extends Success<Id>>(status: Status, body: Answer<Id, Status>, options?: SentOptions): Sent<Id>;
  /** For operations that the contract lets answer with Server-Sent Events. */
  stream: Streams<Id> extends true ? (run: ActiveRun) => Sent<Id> : never;
  /** For shapes whose answers are written elsewhere: as a stream of events, or put together as one body. */
  text: (answer: TextAnswer) => Sent<Id>;
  /** For platforms that are answered in words of their own. */
  raw: (answer: WebhookAnswer) => Sent<Id>;
}

export interface SentOptions {
  replayed?: boolean;
  /** The run that answers, for the headers that tell who did. */
  run?: Run;
  tokens?: LimitState | undefined;
}

export type TextAnswer = AnsweredText | AnsweredChunks;

interface Answered {
  /** Absent where no run answers. */
  run?: Run;
  tokens?: LimitState | undefined;
}

export interface AnsweredText extends Answered {
  contentType: 'application/json';
  text: string | Buffer;
}

export interface AnsweredChunks extends Answered {
  contentType: 'text/event-stream' | 'text/csv';
  /** A throw before the first chunk becomes an error answer. */
  chunks: AsyncIterable<string | Buffer>;
}

/** What was replied. Only `reply` makes one. */
export interface Sent<Id extends OperationId> {
  readonly operation: Id;
  readonly status: number;
  readonly body?: unknown;
  readonly run?: ActiveRun;
  readonly raw?: WebhookAnswer;
  readonly text?: TextAnswer;
  /** Who answered, where a run did. */
  readonly by?: Run;
  /** What is left of the key's tokens, where they are limited. */
  readonly tokens?: LimitState | undefined;
  readonly replayed: boolean;
}

type Member<Owner, Name extends string> = Name extends keyof Owner
  ? Exclude<Owner[Name], undefined> extends never
    ? Record<never, never>
    : Exclude<Owner[Name], undefined>
  : Record<never, never>;

type BodyOf<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : Operation extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Body | undefined
    : undefined;

type Success<Id extends OperationId> = keyof Operations[Id]['responses'] & (200 | 201 | 503);

export type Answer<Id extends OperationId, Status extends Success<Id>> = Operations[Id]['responses'][Status] extends {
  content: infer Content;
}
  ? 'application/json' extends keyof Content
    ? Content['application/json']
    : Content[keyof Content]
  : never;

type Streams<Id extends OperationId> = Operations[Id]['responses'] extends {
  200: { content: { 'text/event-stream': string } };
}
  ? true
  : false;
