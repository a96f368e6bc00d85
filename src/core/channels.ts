import type { Channel } from './ports/channel.ts';

/** The chat platforms that this gateway knows. */
export interface Channels {
  list(): ChannelEntry[];
  all(): Record<string, ChannelState>;
}

export type ChannelState = 'active' | 'inactive' | 'error';

export interface ChannelEntry {
  name: string;
  state: ChannelState;
}

export function createChannels(channels: readonly Channel[]): Channels {
  const list = () =>
    channels.map(({ name, configured }): ChannelEntry => ({ name, state: configured ? 'active' : 'inactive' }));
  return {
    list,
    all: () => Object.fromEntries(list().map(({ name, state }) => [name, state])),
  };
}
