import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/core/errors.ts';
import { createFaults } from '../../../src/storage/sqlite/faults.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { createRecordingMetrics } from '../../support/recording-metrics.ts';

const sqlite = (errcode: number) => Object.assign(new Error('…'), { code: 'ERR_SQLITE_ERROR', errcode });

const cases: [string, { given: unknown; want: string; counted: boolean }][] = [
  ['a full disk', { given: sqlite(13), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a failed write', { given: sqlite(10 | (3 << 8)), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a failed sync', { given: sqlite(10 | (4 << 8)), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a disk that is read-only', { given: sqlite(8), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a file that cannot be opened', { given: sqlite(14), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a broken file', { given: sqlite(11), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a file that is no database', { given: sqlite(26), want: 'STORE_UNAVAILABLE', counted: true }],
  ['a lock', { given: sqlite(5), want: 'STORE_UNAVAILABLE', counted: true }],
  [
    'a system call',
    { given: Object.assign(new Error('…'), { syscall: 'fdatasync' }), want: 'STORE_UNAVAILABLE', counted: true },
  ],
  ['a primary key in use', { given: sqlite(1555), want: 'CONFLICT', counted: false }],
  ['a unique value in use', { given: sqlite(2067), want: 'CONFLICT', counted: false }],
  ['another constraint', { given: sqlite(1299), want: 'INTERNAL', counted: false }],
  ['a wrong statement', { given: sqlite(1), want: 'INTERNAL', counted: false }],
  ['a bug', { given: new TypeError('…'), want: 'INTERNAL', counted: false }],
  ['what is no error', { given: 'text', want: 'INTERNAL', counted: false }],
  ['our own error', { given: new GatewayError('INVALID_REQUEST', '…'), want: 'INVALID_REQUEST', counted: false }],
];

describe('faults of the store', () => {
  for (const [name, { given, want, counted }] of cases) {
    it(`tells ${name} as ${want}`, () => {
      const metrics = createRecordingMetrics();
      const log = createRecordingLog();
      const error = createFaults({ clock: new HandClock(), log, metrics }).toGatewayError(given);
      assert.equal(error.code, want);
      assert.ok(error === given || error.cause === given);
      assert.equal(metrics.calls.length, counted ? 1 : 0);
      assert.equal(log.lines.length, counted ? 1 : 0);
      assert.doesNotMatch(error.message, /sqlite|SELECT|\//i);
    });
  }

  it('counts all and logs one a minute', () => {
    const clock = new HandClock();
    const metrics = createRecordingMetrics();
    const log = createRecordingLog();
    const faults = createFaults({ clock, log, metrics });
    for (let second = 0; second < 150; second += 1) {
      faults.toGatewayError(sqlite(13));
      clock.advance(1000);
    }
    assert.equal(metrics.calls.length, 150);
    assert.equal(log.lines.length, 3);
  });
});
