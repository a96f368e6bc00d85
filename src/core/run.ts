import type { ErrorCode } from './errors.ts';
import type { Message, Part } from './message.ts';
import type { LimitState } from './ports/limiter.ts';
import type { Usage } from './usage.ts';

/** One turn, from a user message to its terminal event. */
export interface Run {
  id: string;
  sessionId: string;
  user: string;
  keyId?: string;
  channel: string;
  state: RunState;
  model: string;
  /** Who answered; absent until somebody did. */
  provider?: string;
  attempts: number;
  message?: Message;
  finishReason?: FinishReason;
  usage?: Usage;
  /** What was left of the key's tokens when it began, where they are limited; told at the end and not stored. */
  tokens?: LimitState;
  error?: RunError;
  metadata?: Record<string, string>;
  createdAt: number;
  endedAt?: number;
}

export type RunState = 'running' | 'completed' | 'failed';

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export interface RunError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** Seconds. */
  retryAfter?: number;
}

/** What a client asks for: the newest shape of a chat request, already checked against the contract. */
export interface ChatRequest {
  channel: string;
  sessionId?: string;
  model?: string;
  input: Part[];
  instructions?: string;
  temperature?: number;
  topP?: number;
  maxOutputTokens?: number;
  stop?: string[];
  seed?: number;
  tools?: Tool[];
  toolChoice?: ToolChoice;
  responseFormat?: ResponseFormat;
  metadata?: Record<string, string>;
  stream: boolean;
  /** Goes on without its client and is kept for two minutes after it ends. */
  resumable?: boolean;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  parallelToolCalls?: boolean;
  reasoningEffort?: ReasoningEffort;
  verbosity?: Verbosity;
  /** What was said before `input`, given with the request; stored with it. */
  before?: Pick<Message, 'role' | 'parts'>[];
  /** Goes on behind the answer of this run: in its session, or in a fork of it where more was said since. */
  previousRunId?: string | undefined;
}

export interface Tool {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
  /** True holds the model to the schema. */
  strict?: boolean;
}

/** How much the model thinks before it answers, from not at all to as much as it can. Few models have all of them. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How much the model says. What lies between is what it does by itself, and needs no word. */
export type Verbosity = 'low' | 'high';

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json_schema'; name: string; description?: string; schema: Record<string, unknown>; strict?: boolean };

/** Events of a run, in order, numbered from 1: the id on every transport is `<runId>.<seq>`. */
export type RunEvent =
  | { type: 'run.started'; seq: number; run: Run }
  | { type: 'message.delta'; seq: number; text: string }
  | { type: 'tool_call.delta'; seq: number; index: number; id?: string; name?: string; arguments: string }
  | { type: 'run.completed'; seq: number; run: Run }
  | { type: 'run.failed'; seq: number; run: Run; error: RunError };
