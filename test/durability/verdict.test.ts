import assert from 'node:assert/strict';
import type { ChannelName } from '../../scripts/durability/identity.ts';
import type { Arrival } from '../../scripts/durability/platforms.ts';
import { judge } from '../../scripts/durability/verdict.ts';

describe('the verdict on a durability trial', () => {
  const came = (channel: ChannelName, ...at: number[]): Arrival[] =>
    at.map((time) => ({ channel, identity: String(time), at: time }));
  /** A kill, and the events whose send was under way. */
  const kill = (at: number, channel: ChannelName, ...events: number[]) => ({
    at,
    underWay: events.map((event) => ({ channel, event })),
  });
  type Kills = Parameters<typeof judge>[2];
  const verdict = (channel: ChannelName, arrivals: Arrival[], kills: Kills = []) =>
    judge(new Map([[1, channel]]), new Map([[1, arrivals]]), kills);
  const violations = (...given: Parameters<typeof verdict>) => verdict(...given).violations.length;

  it('asks for an answer to whatever was acknowledged', () => {
    assert.equal(violations('telegram', []), 1);
    assert.equal(violations('telegram', came('telegram', 10)), 0);
  });

  it('takes a second message for what was under way in a kill, and for nothing else', () => {
    const twice = came('telegram', 10_000, 11_000);
    assert.equal(violations('telegram', twice, [kill(10_005, 'telegram', 1)]), 0);
    assert.equal(violations('telegram', twice), 1);
    assert.equal(violations('telegram', twice, [kill(10_005, 'telegram', 2)]), 1);
    assert.equal(violations('telegram', twice, [kill(10_005, 'slack', 1)]), 1);
    assert.equal(violations('telegram', twice, [kill(11_005, 'telegram', 1)]), 1);
  });

  it('takes a third message for a second kill that it was under way in, and counts it', () => {
    const thrice = came('slack', 10_000, 10_400, 11_000);
    const kills = [kill(10_005, 'slack', 1), kill(10_500, 'slack', 1)];
    assert.equal(violations('slack', thrice, kills), 0);
    assert.deepEqual(verdict('slack', thrice, kills).tallies[0], {
      channel: 'slack',
      acknowledged: 1,
      lost: 0,
      duplicates: 1,
      thirds: 1,
      recognised: 0,
    });
    assert.equal(violations('slack', thrice, kills.slice(0, 1)), 1);
    assert.equal(violations('slack', came('slack', 10_000, 10_001, 11_000), kills), 1);
  });

  it('counts what was under way in each kill, and what of it came twice', () => {
    const kills = [kill(9000, 'telegram', 5), kill(10_005, 'telegram', 1, 2, 3), kill(12_000, 'telegram')];
    assert.deepEqual(verdict('telegram', came('telegram', 10_000, 11_000), kills).kills, [
      { underWay: 1, repeated: 0 },
      { underWay: 3, repeated: 1 },
      { underWay: 0, repeated: 0 },
    ]);
  });

  it('takes no more under way than a channel has places', () => {
    const events = Array.from({ length: 5 }, (_, index) => index);
    assert.equal(violations('telegram', came('telegram', 10), [kill(20, 'telegram', ...events.slice(1))]), 0);
    assert.equal(violations('telegram', came('telegram', 10), [kill(20, 'telegram', ...events)]), 1);
    assert.equal(violations('webhook', came('webhook', 10), [kill(20, 'webhook', ...events)]), 0);
  });

  it('takes none where a send has an identity', () => {
    assert.equal(violations('webhook', came('webhook', 10_000, 11_000), [kill(10_005, 'webhook', 1)]), 1);
    const twice = { channel: 'discord', identity: 'one', at: 1 } as const;
    const { tallies, violations: none } = judge(new Map([[1, 'discord']]), new Map([[1, [twice, twice]]]), []);
    assert.deepEqual(none, []);
    assert.equal(tallies[0]?.recognised, 1);
  });
});
