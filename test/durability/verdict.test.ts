import assert from 'node:assert/strict';
import type { ChannelName } from '../../scripts/durability/identity.ts';
import type { Arrival } from '../../scripts/durability/platforms.ts';
import { judge } from '../../scripts/durability/verdict.ts';

describe('the verdict on a durability trial', () => {
  const came = (channel: ChannelName, ...at: number[]): Arrival[] =>
    at.map((time) => ({ channel, identity: String(time), at: time }));
  const violations = (channel: ChannelName, arrivals: Arrival[], kills: number[] = []) =>
    judge(new Map([[1, channel]]), new Map([[1, arrivals]]), kills).violations.length;

  it('asks for an answer to whatever was acknowledged', () => {
    assert.equal(violations('telegram', []), 1);
    assert.equal(violations('telegram', came('telegram', 10)), 0);
  });

  it('takes a second message for what was under way in a kill, and for nothing else', () => {
    assert.equal(violations('telegram', came('telegram', 10_000, 11_000), [10_005]), 0);
    assert.equal(violations('telegram', came('telegram', 10_000, 11_000)), 1);
    assert.equal(violations('telegram', came('telegram', 10_000, 11_000), [5000]), 1);
    assert.equal(violations('telegram', came('telegram', 10_000, 16_000), [15_000]), 1);
    assert.equal(violations('slack', came('slack', 10_000, 10_001, 11_000), [10_005]), 1);
    assert.equal(violations('slack', came('slack', 10_000, 10_400, 11_000), [10_005, 10_500]), 0);
  });

  it('takes none where a send has an identity', () => {
    assert.equal(violations('webhook', came('webhook', 10_000, 11_000), [10_005]), 1);
    const twice = { channel: 'discord', identity: 'one', at: 1 } as const;
    const { tallies, violations: none } = judge(new Map([[1, 'discord']]), new Map([[1, [twice, twice]]]), []);
    assert.deepEqual(none, []);
    assert.equal(tallies[0]?.recognised, 1);
  });
});
