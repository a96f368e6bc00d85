import type { Bus } from './ports/bus.ts';
import type { Channel } from './ports/channel.ts';
import type { ChannelActivity, EventStore } from './ports/event-store.ts';

/** The chat platforms that this gateway knows, and how they are. */
export interface Channels {
  /** With what waits, what came last and what failed last. */
  list(): Promise<ChannelEntry[]>;
  states(): Record<string, ChannelState>;
  /** The platform does not take our credentials: an operator has to look. */
  refused(name: string): void;
  succeeded(name: string): void;
}

export type ChannelState = 'active' | 'inactive' | 'error';

export interface ChannelEntry extends Omit<ChannelActivity, 'channel'> {
  name: string;
  state: ChannelState;
}

export function createChannels(parts: { channels: readonly Channel[]; store: EventStore; bus: Bus }): Channels {
  const { channels, store, bus } = parts;
  const refusing = new Set<string>();

  function stateOf({ manifest, configured }: Channel): ChannelState {
    if (!configured) return 'inactive';
    return refusing.has(manifest.name) ? 'error' : 'active';
  }

  return {
    async list() {
      const activity = new Map((await store.channelActivity()).map((entry) => [entry.channel, entry]));
      return channels.map((channel) => {
        const { name } = channel.manifest;
        const { channel: _, ...known } = activity.get(name) ?? { channel: name, queued: 0 };
        return { name, state: stateOf(channel), ...known };
      });
    },
    states: () => Object.fromEntries(channels.map((channel) => [channel.manifest.name, stateOf(channel)])),
    refused(name) {
      if (refusing.has(name)) return;
      refusing.add(name);
      bus.publish({ type: 'channel', name, state: 'error' });
    },
    succeeded(name) {
      if (refusing.delete(name)) bus.publish({ type: 'channel', name, state: 'active' });
    },
  };
}
