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

/** A platform by its name, and whether it has its secrets. */
export interface KnownChannel {
  readonly name: string;
  readonly configured: boolean;
}

export function createChannels(channels: readonly KnownChannel[]): Channels {
  const list = () =>
    channels.map(({ name, configured }): ChannelEntry => ({ name, state: configured ? 'active' : 'inactive' }));
  return {
    list,
    all: () => Object.fromEntries(list().map(({ name, state }) => [name, state])),
  };
}
