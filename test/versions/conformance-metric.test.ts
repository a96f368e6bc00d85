import assert from 'node:assert/strict';
import { createConformance } from '../../src/versions/conformance.ts';
import { defaultVersion, versions } from '../../src/versions/index.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createRecordingMetrics } from '../support/recording-metrics.ts';

describe('violations of the contract', () => {
  it('are counted by version and subject, and what keeps to it is not', async () => {
    const metrics = createRecordingMetrics();
    const conformance = await createConformance(versions, 'report', createRecordingLog(), metrics);
    conformance.frame(defaultVersion, { type: 'pong' });
    conformance.frame(defaultVersion, { type: 'pong', surplus: 1 });
    conformance.event(defaultVersion, { type: 'chunk' });
    conformance.answer(defaultVersion, 'getHealth', 200, 'application/json', { status: 1 });
    assert.deepEqual(
      metrics.calls.map(({ name, arguments: [labels] }) => [name, labels]),
      ['frame pong', 'event chunk', 'getHealth 200'].map((subject) => [
        'conformanceViolation',
        { version: '2026-03-01', subject },
      ]),
    );
  });

  it('are counted in strict mode before they fail', async () => {
    const metrics = createRecordingMetrics();
    const conformance = await createConformance(versions, 'strict', createRecordingLog(), metrics);
    assert.throws(() => conformance.frame(defaultVersion, { type: 'pong', surplus: 1 }));
    assert.equal(metrics.calls.length, 1);
  });
});
