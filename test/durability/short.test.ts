import assert from 'node:assert/strict';
import { runDurability } from '../../scripts/durability/run.ts';

/** `npm run test:durability` is the long one. */
describe('a gateway that is killed at random moments', () => {
  it('answers every event that it acknowledged, and sends again only what was under way', async function () {
    this.timeout(60_000);
    const report = await runDurability({ seed: 4, events: 240, kills: 3, copies: 4 });
    assert.deepEqual(report.violations, []);
    assert.equal(report.parked, 0);
    assert.deepEqual(report.tallies.map(({ channel, acknowledged }) => [channel, acknowledged]).sort(), [
      ['discord', 60],
      ['slack', 60],
      ['telegram', 60],
      ['webhook', 60],
    ]);
  });
});
