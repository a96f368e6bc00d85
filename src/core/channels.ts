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

export interface ChannelsParts {
  channels: readonly Channel[];
  /** Those that are listed whether there is a channel for them or not. */
  platforms?: readonly string[];
  store: EventStore;
  bus: Bus;
}

export function createChannels({ channels, platforms = [], store, bus }: ChannelsParts): Channels {
  const refusing = new Set<string>();
  const configured = new Set(channels.filter((channel) => channel.configured).map(({ manifest }) => manifest.name));
  const names = [...new Set([...platforms, ...channels.map(({ manifest }) => manifest.name)])];

  function stateOf(name: string): ChannelState {
    if (!configured.has(name)) return 'inactive';
    return refusing.has(name) ? 'error' : 'active';
  }

  return {
    async list() {
      const activity = new Map((await store.channelActivity()).map((entry) => [entry.channel, entry]));
      return names.map((name) => {
        const { channel: _, ...known } = activity.get(name) ?? { channel: name, queued: 0 };
        return { name, state: stateOf(name), ...known };
      });
    },
    states: () => Object.fromEntries(names.map((name) => [name, stateOf(name)])),
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
