import assert from 'node:assert/strict';
import { createMemoryBus } from '../../../src/coordination/memory/bus.ts';
import type { GatewayEvent } from '../../../src/core/ports/bus.ts';
import { createRecordingLog } from '../../support/recording-log.ts';

const event: GatewayEvent = { type: 'provider', name: 'openai', state: 'connected' };

describe('the bus', () => {
  it('tells every listener, until it ends', () => {
    const bus = createMemoryBus(createRecordingLog());
    const heard: string[] = [];
    const end = bus.subscribe(({ type }) => heard.push(`a ${type}`));
    bus.subscribe(({ type }) => heard.push(`b ${type}`));
    bus.publish(event);
    end();
    end();
    bus.publish({ type: 'channel', name: 'slack', state: 'active' });
    assert.deepEqual(heard, ['a provider', 'b provider', 'b channel']);
  });

  it('is not disturbed by a listener that throws', () => {
    const log = createRecordingLog();
    const bus = createMemoryBus(log);
    const heard: GatewayEvent[] = [];
    bus.subscribe(() => {
      throw new Error('broken');
    });
    bus.subscribe((said) => heard.push(said));
    bus.publish(event);
    bus.publish(event);
    assert.deepEqual(heard, [event, event]);
    assert.equal(log.lines.filter(({ level }) => level === 'error').length, 2);
  });

  it('bears listeners that leave and come while it tells', () => {
    const bus = createMemoryBus(createRecordingLog());
    const heard: string[] = [];
    const end = bus.subscribe(() => {
      heard.push('once');
      end();
      bus.subscribe(() => heard.push('late'));
    });
    bus.subscribe(() => heard.push('always'));
    bus.publish(event);
    bus.publish(event);
    assert.deepEqual(heard.filter((who) => who === 'once').length, 1);
    assert.deepEqual(heard.filter((who) => who === 'always').length, 2);
  });
});
