import type { Bus, GatewayEvent } from '../../core/ports/bus.ts';
import type { Log } from '../../core/ports/log.ts';

/** A bus of one process. A listener that throws is logged and disturbs neither the publisher nor the others. */
export function createMemoryBus(log: Log): Bus {
  const listeners = new Set<(event: GatewayEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          log.error({ error, type: event.type }, 'a listener of the bus failed');
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
