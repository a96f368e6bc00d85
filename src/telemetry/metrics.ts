/**
 * What the gateway counts, in the contract's words. All names, labels and buckets stand here, and no label takes a value
 * that a client can choose. The figures of the process come from prom-client, which is loaded when somebody first asks.
 */
import type { Metrics } from '../core/ports/metrics.ts';
import { createCounter, createGauge, createHistogram } from './tally.ts';

export interface ReadableMetrics extends Metrics {
  /** Everything, as Prometheus reads it. */
  text(): Promise<string>;
  readonly contentType: string;
}

const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const answerSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320];
const commitSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5];

function createTallies() {
  return {
    requests: createHistogram(name('http_request_duration_seconds'), 'Answered HTTP requests.', requestSeconds, [
      'operation',
      'status',
      'version',
    ]),
    frames: createCounter(name('websocket_frames_total'), 'Frames that clients sent.', ['type', 'version']),
    connections: createGauge(name('websocket_connections'), 'Open WebSocket connections.'),
    activeRuns: createGauge(name('runs_active'), 'Runs that have begun and not ended.'),
    runs: createHistogram(name('run_duration_seconds'), 'Ended runs.', answerSeconds, ['model', 'provider', 'outcome']),
    firstTokens: createHistogram(
      name('first_token_seconds'),
      'From the call of a provider to the first piece of its answer.',
      answerSeconds,
      ['model', 'provider'],
    ),
    tokens: createCounter(name('tokens_total'), 'Tokens by kind, input or output.', ['model', 'provider', 'kind']),
    providerCalls: createHistogram(name('provider_call_duration_seconds'), 'Calls of providers.', answerSeconds, [
      'provider',
      'outcome',
    ]),
    avoided: createGauge(
      name('target_avoided'),
      '1 while a model at a provider is kept free of requests after failures.',
      ['provider', 'model'],
    ),
    rateLimited: createCounter(name('rate_limited_total'), 'Requests over the limit.', ['transport']),
    commits: createHistogram(name('store_commit_duration_seconds'), 'Commits of the store.', commitSeconds),
    units: createCounter(name('store_commit_units_total'), 'Units of work in the commits of the store.'),
    faults: createCounter(name('store_faults_total'), 'Commits that the store could not do.'),
    violations: createCounter(name('conformance_violations_total'), 'What went out and is not in the contract.', [
      'version',
      'subject',
    ]),
  };
}

function name(ending: string): string {
  return `openclaw_gateway_${ending}`;
}

export function createMetrics(): ReadableMetrics {
  const tallies = createTallies();
  let exposition: Promise<() => Promise<string>> | undefined;
  return {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    async text() {
      exposition ??= import('./exposition.ts').then((loaded) => loaded.createExposition(Object.values(tallies)));
      const read = await exposition;
      return read();
    },
    httpRequest({ operation, status, version }, seconds) {
      tallies.requests.observe(seconds, operation, String(status), version);
    },
    webSocketFrame({ type, version }) {
      tallies.frames.add(1, type, version);
    },
    webSocketConnections(count) {
      tallies.connections.set(count);
    },
    runStarted() {
      tallies.activeRuns.add(1);
    },
    runEnded({ model, provider, outcome }, seconds) {
      tallies.activeRuns.add(-1);
      tallies.runs.observe(seconds, model, provider, outcome);
    },
    firstToken({ model, provider }, seconds) {
      tallies.firstTokens.observe(seconds, model, provider);
    },
    tokens({ model, provider }, { inputTokens, outputTokens }) {
      tallies.tokens.add(inputTokens, model, provider, 'input');
      tallies.tokens.add(outputTokens, model, provider, 'output');
    },
    providerCall({ provider, outcome }, seconds) {
      tallies.providerCalls.observe(seconds, provider, outcome);
    },
    targetAvoided({ provider, model }, isAvoided) {
      tallies.avoided.set(isAvoided ? 1 : 0, provider, model);
    },
    rateLimited({ transport }) {
      tallies.rateLimited.add(1, transport);
    },
    storeCommit(units, seconds) {
      tallies.commits.observe(seconds);
      tallies.units.add(units);
    },
    storeFault() {
      tallies.faults.add(1);
    },
    conformanceViolation({ version, subject }) {
      tallies.violations.add(1, version, subject);
    },
  };
}
