import { strict as assert } from 'node:assert';
import { totalmem } from 'node:os';
import { readMemory } from '../../src/telemetry/health-probe.ts';

describe('memory', () => {
  it('is what the process holds, and what it may hold', () => {
    const { used, total } = readMemory();
    assert.ok(used > 20 * 1024 * 1024 && used < total, `${used} of ${total}`);
    assert.ok(total <= totalmem());
  });
});
