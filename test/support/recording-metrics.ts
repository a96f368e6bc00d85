import type { Metrics } from '../../src/core/ports/metrics.ts';

export interface MetricsCall {
  name: keyof Metrics;
  arguments: readonly unknown[];
}

/** Metrics that a test can read. */
export function createRecordingMetrics(): Metrics & { calls: MetricsCall[] } {
  const calls: MetricsCall[] = [];
  const note =
    (name: keyof Metrics) =>
    (...given: readonly unknown[]) => {
      calls.push({ name, arguments: given });
    };
  return {
    calls,
    httpRequest: note('httpRequest'),
    webSocketFrame: note('webSocketFrame'),
    webSocketConnections: note('webSocketConnections'),
    runStarted: note('runStarted'),
    runEnded: note('runEnded'),
    firstToken: note('firstToken'),
    tokens: note('tokens'),
    providerCall: note('providerCall'),
    targetAvoided: note('targetAvoided'),
    rateLimited: note('rateLimited'),
    storeCommit: note('storeCommit'),
    storeFault: note('storeFault'),
    conformanceViolation: note('conformanceViolation'),
  };
}
