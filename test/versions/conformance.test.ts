import assert from 'node:assert/strict';
import { ConformanceError, type ConformanceMode, createConformance } from '../../src/versions/conformance.ts';
import { defaultVersion, versions } from '../../src/versions/index.ts';
import type { Version } from '../../src/versions/version.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createRecordingMetrics } from '../support/recording-metrics.ts';

const good = { success: true, data: { models: [] }, timestamp: '2026-03-10T08:30:00Z' };
const json = 'application/json';

describe('conformance', () => {
  const log = createRecordingLog();
  const metrics = createRecordingMetrics();
  const make = (mode: ConformanceMode) => createConformance(versions, mode, log, metrics);
  beforeEach(() => {
    log.lines.length = 0;
  });

  it('strict throws for what the contract does not have', async () => {
    const strict = await make('strict');
    const answer =
      (body: unknown, status = 200, type = json) =>
      () =>
        strict.answer(defaultVersion, 'listModels', status, type, body);
    answer(good)();
    assert.throws(answer({ ...good, more: 1 }), ConformanceError, 'a member too many');
    assert.throws(answer({ ...good, data: {} }), ConformanceError, 'a member too few');
    assert.throws(answer(good, 418), ConformanceError, 'a status');
    assert.throws(answer(good, 200, 'text/plain'), ConformanceError, 'a content type');
    strict.event(defaultVersion, { type: 'chunk', content: 'a' });
    assert.throws(() => strict.event(defaultVersion, { type: 'chunk' }), ConformanceError);
    assert.throws(() => strict.event(defaultVersion, { type: 'message.delta', text: 'a' }), ConformanceError);
    assert.throws(() => strict.event(defaultVersion, {}), ConformanceError);
    strict.frame(defaultVersion, { type: 'pong' });
    assert.throws(() => strict.frame(defaultVersion, { type: 'pong', surplus: 1 }), ConformanceError);
    strict.answer(defaultVersion, 'createChat', 200, 'text/event-stream', 'not looked into');
  });

  it('report counts each kind of violation, and lets everything pass', async () => {
    const report = await make('report');
    for (let time = 0; time < 3; time += 1) {
      report.answer(defaultVersion, 'listModels', 200, json, good);
      report.answer(defaultVersion, 'listModels', 200, json, { success: true });
      report.frame(defaultVersion, { type: 'pong', 'sk-secret': 'sk-secret' });
    }
    const { mode, checked, violations } = report.report();
    assert.deepEqual([mode, checked], ['report', 9]);
    assert.deepEqual(
      violations.map(({ version, subject, count }) => [version, subject, count]),
      [
        ['2026-03-01', 'listModels 200', 3],
        ['2026-03-01', 'frame pong', 3],
      ],
    );
    assert.match(violations[0]?.last ?? '', /must have required property/);
    assert.doesNotMatch(JSON.stringify([violations, log.lines]), /sk-secret/);
    assert.equal(log.lines.length, 6);
  });

  it('goes on counting what it knows when it can hold no more kinds', async () => {
    const report = await make('report');
    for (let kind = 0; kind < 1010; kind += 1) report.frame(defaultVersion, { type: `kind-${kind}` });
    report.frame(defaultVersion, { type: 'kind-0' });
    const { violations } = report.report();
    assert.equal(violations.length, 1000);
    assert.equal(violations[0]?.count, 2);
  });

  it('sample looks at one in a hundred, the first among them', async () => {
    const sample = await make('sample');
    sample.frame(defaultVersion, { type: 'nonsense' });
    for (let time = 1; time < 1000; time += 1) sample.answer(defaultVersion, 'listModels', 200, json, good);
    const { checked, violations } = sample.report();
    assert.deepEqual([checked, violations.length], [10, 1]);
  });

  it('off looks at nothing, and loads nothing to look with', async () => {
    // A version that has no validators would stop any other mode.
    const absent: Version = { ...defaultVersion, date: JSON.parse('"1999-01-01"') };
    await assert.rejects(createConformance([absent], 'report', log, metrics), /1999-01-01/);
    const off = await createConformance([absent], 'off', log, metrics);
    off.answer(absent, 'listModels', 200, json, 'nonsense');
    off.event(absent, {});
    off.frame(absent, {});
    assert.deepEqual(off.report(), { mode: 'off', checked: 0, violations: [] });
  });
});
