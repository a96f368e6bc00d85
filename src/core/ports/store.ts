import type { Message } from '../message.ts';
import type { KeyLimits, Scope } from '../principal.ts';
import type { Run } from '../run.ts';
import type { EventAnswer, EventStore } from './event-store.ts';
import type { Page, PageRequest } from './page.ts';
import type { UsageStore } from './usage-store.ts';

export type { Page, PageRequest } from './page.ts';

/**
 * What must happen together, and no query language. Every write is atomic, and its promise resolves after the commit;
 * where `durable` is said, after the data is on the disk. A store that cannot write rejects with
 * `STORE_UNAVAILABLE` (`core/errors.ts`) and works again by itself when the cause has gone.
 *
 * Times are milliseconds since 1970; ids and times are the caller's, so that a store has neither clock nor dice.
 */
export interface Store extends EventStore, UsageStore {
  /** Opens files, migrates, and marks runs that a crash left `running` as failed with `INTERRUPTED`. */
  open(now: number): Promise<void>;
  /** Commits what is queued, then closes. */
  close(): Promise<void>;
  /** Rejects when the store cannot be written. */
  check(): Promise<void>;
  /** Calls back (within 500 ms) when another process changed keys. Returns the function that ends it. */
  watchKeys(listener: () => void): () => void;

  /** A session and the newest messages of its history, oldest first, for the next turn. Null when the user has none by that id. */
  loadTurn(user: string, sessionId: string, messages: number): Promise<Turn | null>;
  /** A promised turn: makes the session if need be, stores question and run. Durable. */
  beginTurn(begin: TurnBegin): Promise<void>;
  /**
   * Ends a turn: makes the session if need be, stores question (unless `beginTurn` did), answer and run in one commit.
   * Durable when the run was begun. The messages become the session's newest; a failed run stores its run and, where
   * there is one, the partial answer. What it used is added to the ledger in the same commit.
   */
  finishTurn(finish: TurnFinish): Promise<void>;

  getSession(user: string, sessionId: string): Promise<Session | null>;
  /** Newest change first. */
  listSessions(user: string, page: PageRequest): Promise<Page<Session>>;
  /** Newest first, from the session's head to its root. Null when there is no such session. */
  listMessages(user: string, sessionId: string, page: PageRequest): Promise<Page<Message> | null>;
  /** Applies one change; null when there is no such session. A `fork` answers the new session. */
  changeSession(user: string, sessionId: string, change: SessionChange, now: number): Promise<Session | null>;

  getRun(user: string, runId: string): Promise<Run | null>;

  createKey(key: StoredKey): Promise<void>;
  /** All keys, with the hashes they answer to: the registry is built from this. */
  loadKeys(): Promise<StoredKey[]>;
  /** Replaces what may change of a key: hashes, revocation, last use. False when there is no such key. */
  updateKey(id: string, change: KeyChange): Promise<boolean>;

  /**
   * Claims an idempotency key for one user and operation, or tells what stands under it. Durable when claimed. Entries
   * past `expiresAt` are as good as absent.
   */
  claimIdempotency(claim: IdempotencyClaim, now: number): Promise<IdempotencyState>;
  /** Stores the answer that a repetition gets; null withdraws the claim, so that the request may be tried again. */
  settleIdempotency(user: string, operation: string, key: string, answer: string | null): Promise<void>;

  /** Adds to what is counted of who uses which version. */
  addVersionUse(use: readonly VersionUse[]): Promise<void>;
  /** All that was counted, the latest first. */
  loadVersionUse(): Promise<VersionUse[]>;
}

export interface Session {
  id: string;
  title?: string;
  state: 'open' | 'closed';
  model?: string;
  instructions?: string;
  messageCount: number;
  createdAt: number;
  updatedAt: number;
}

export interface Turn {
  session: Session;
  /** Oldest first. */
  history: Message[];
}

export interface TurnBegin {
  user: string;
  run: Run;
  question: Message;
}

export interface TurnFinish {
  user: string;
  run: Run;
  /** Absent when `beginTurn` stored it. */
  question?: Message;
  /** Further messages before the question, such as the results that close open tool calls. */
  before?: Message[];
  /** Absent when the run failed with nothing said. */
  answer?: Message;
  /** True when session and run were named just now: neither need be looked for. */
  isNew?: boolean;
  /** The event that this answers, with what is to be sent; durable then. */
  event?: EventAnswer;
}

export type SessionChange =
  | { action: 'rename'; title: string }
  /** An absent member stays as it is, null takes it away. */
  | { action: 'configure'; model?: string | null; instructions?: string | null }
  | { action: 'reset' }
  /** `behind` a run's answer in it, in place of its newest message; there is no such session when that is not kept. */
  | { action: 'fork'; sessionId: string; behind?: string }
  | { action: 'close' }
  | { action: 'reopen' }
  | { action: 'delete' };

export interface StoredKey {
  id: string;
  name: string;
  user: string;
  /** The first characters of the key, for people to tell keys apart. */
  prefix: string;
  scopes: Scope[];
  limits: KeyLimits;
  models?: string[];
  apiVersion?: string;
  /** SHA-256 of the key in hex; while a rotation's grace lasts also the one before. */
  hashes: KeyHash[];
  createdAt: number;
  expiresAt?: number;
  revokedAt?: number;
}

export interface KeyHash {
  hash: string;
  /** Until when it is good; absent means for ever. */
  expiresAt?: number;
}

export type KeyChange = Partial<Pick<StoredKey, 'prefix' | 'hashes' | 'revokedAt'>>;

export interface IdempotencyClaim {
  user: string;
  operation: string;
  key: string;
  /** SHA-256 over what the request asked for, in hex. */
  fingerprint: string;
  expiresAt: number;
}

export type IdempotencyState =
  | { state: 'claimed' }
  | { state: 'running' }
  | { state: 'mismatch' }
  | { state: 'settled'; answer: string };

/** How often a key used an operation of a version, or a member of its body that will be retired. */
export interface VersionUse {
  keyId: string;
  user: string;
  version: string;
  operation: string;
  /** A JSON pointer; absent for the operation itself. */
  member?: string;
  count: number;
  /** Of the last use. */
  usedAt: number;
}
