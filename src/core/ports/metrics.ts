/**
 * What the gateway counts. One method a fact, so that names and labels stand in one place (`telemetry/metrics.ts`)
 * and no caller can invent a label of unbounded size.
 */
export interface Metrics {
  /** One answered HTTP request; `operation` is the contract's operation id, never a path. */
  httpRequest(labels: { operation: string; status: number; version: string }, seconds: number): void;
  /** One frame a client sent, by its type in the contract. */
  webSocketFrame(labels: { type: string; version: string }): void;
  webSocketConnections(count: number): void;
  runStarted(): void;
  runEnded(labels: { model: string; provider: string; outcome: string }, seconds: number): void;
  firstToken(labels: { model: string; provider: string }, seconds: number): void;
  tokens(labels: { model: string; provider: string }, usage: { inputTokens: number; outputTokens: number }): void;
  providerCall(labels: { provider: string; outcome: string }, seconds: number): void;
  /** Whether a model at a provider is kept free of requests, after failures in a row. */
  targetAvoided(labels: { provider: string; model: string }, isAvoided: boolean): void;
  rateLimited(labels: { transport: string }): void;
  storeCommit(units: number, seconds: number): void;
  storeFault(): void;
  /** Something went out that its version's contract does not have; `subject` names the operation, event or frame. */
  conformanceViolation(labels: { version: string; subject: string }): void;
}
