import { strict as assert } from 'node:assert';
import { createMetrics } from '../../src/telemetry/metrics.ts';

/** Ours, without the process's. */
async function read(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith('openclaw_gateway_'));
}

describe('metrics', () => {
  it('count requests by operation, status and version, with their durations', async () => {
    const metrics = createMetrics();
    metrics.httpRequest({ operation: 'createChat', status: 200, version: '2026-03-01' }, 0.004);
    metrics.httpRequest({ operation: 'createChat', status: 200, version: '2026-03-01' }, 0.005);
    metrics.httpRequest({ operation: 'createChat', status: 429, version: '2026-03-01' }, 100);
    const lines = (await read(metrics)).filter((line) => line.includes('_http_'));
    const labels = (status: number) => `operation="createChat",status="${status}",version="2026-03-01"`;
    const name = 'openclaw_gateway_http_request_duration_seconds';
    assert.equal(lines.length, 2 * 18);
    for (const line of [
      `${name}_bucket{${labels(200)},le="0.0025"} 0`,
      `${name}_bucket{${labels(200)},le="0.005"} 2`,
      `${name}_bucket{${labels(200)},le="60"} 2`,
      `${name}_bucket{${labels(200)},le="+Inf"} 2`,
      `${name}_sum{${labels(200)}} 0.009000000000000001`,
      `${name}_count{${labels(200)}} 2`,
      `${name}_bucket{${labels(429)},le="60"} 0`,
      `${name}_bucket{${labels(429)},le="+Inf"} 1`,
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it('tell every fact of the port', async () => {
    const metrics = createMetrics();
    const model = { model: 'gpt-4o', provider: 'openai' };
    metrics.webSocketFrame({ type: 'ping', version: '2026-03-01' });
    metrics.webSocketConnections(7);
    metrics.runStarted();
    metrics.runStarted();
    metrics.runEnded({ ...model, outcome: 'completed' }, 1);
    metrics.firstToken(model, 0.3);
    metrics.tokens(model, { inputTokens: 10, outputTokens: 4 });
    metrics.tokens(model, { inputTokens: 1, outputTokens: 0 });
    metrics.providerCall({ provider: 'openai', outcome: 'timeout' }, 2);
    metrics.rateLimited({ transport: 'http' });
    metrics.storeCommit(32, 0.0002);
    metrics.storeFault();
    metrics.conformanceViolation({ version: '2026-03-01', subject: 'createChat 200' });
    const lines = await read(metrics);
    for (const line of [
      'websocket_frames_total{type="ping",version="2026-03-01"} 1',
      'websocket_connections 7',
      'runs_active 1',
      'run_duration_seconds_count{model="gpt-4o",provider="openai",outcome="completed"} 1',
      'first_token_seconds_sum{model="gpt-4o",provider="openai"} 0.3',
      'tokens_total{model="gpt-4o",provider="openai",kind="input"} 11',
      'tokens_total{model="gpt-4o",provider="openai",kind="output"} 4',
      'provider_call_duration_seconds_count{provider="openai",outcome="timeout"} 1',
      'rate_limited_total{transport="http"} 1',
      'store_commit_units_total 32',
      'store_commit_duration_seconds_bucket{le="0.00025"} 1',
      'store_faults_total 1',
      'conformance_violations_total{version="2026-03-01",subject="createChat 200"} 1',
    ]) {
      assert.ok(lines.includes(`openclaw_gateway_${line}`), line);
    }
  });

  it('are text that Prometheus reads, those of the process too', async () => {
    const metrics = createMetrics();
    metrics.webSocketFrame({ type: 'a "quoted" \\ \n name', version: '1' });
    const text = await metrics.text();
    const sample = /^\w+(\{([a-z_]+="(\\["\\n]|[^"\\\n])*",?)*\})? (\d[\d.e+-]*|\+Inf|Nan)$/;
    for (const line of text.trim().split('\n')) {
      assert.ok(line === '' || /^# (HELP|TYPE) \w+ \S/.test(line) || sample.test(line), line);
    }
    assert.match(text, /^process_resident_memory_bytes \d+$/m);
    assert.match(text, /^openclaw_gateway_store_faults_total 0$/m);
    assert.equal(metrics.contentType, 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal((await metrics.text()).match(/^# TYPE process_resident_memory_bytes/gm)?.length, 1);
  });

  it('keep memory bounded, whatever the labels', async () => {
    const metrics = createMetrics();
    for (let index = 0; index < 5000; index++) metrics.webSocketFrame({ type: `frame-${index}`, version: '1' });
    const lines = (await read(metrics)).filter((line) => line.includes('_frames_'));
    assert.equal(lines.length, 1001);
    assert.ok(lines.includes('openclaw_gateway_websocket_frames_total{type="other",version="other"} 4000'));
  });
});
