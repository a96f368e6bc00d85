import type { ChannelConfig, Config } from '../../config/index.ts';
import type { Finding } from './finding.ts';

/** How many settings make each one work. */
const needed = { telegram: 2, discord: 3, slack: 2, webhook: 2 };

/** One with nothing of its own was not wanted; one with half of it was. */
export function checkChannels({ channels }: Config): Finding[] {
  const what = 'channels';
  const all: ChannelConfig[] = Object.values(channels);
  return all.map((channel): Finding => {
    const { name, configured, missing } = channel;
    if (configured) return { what, state: 'ok', found: `${name} is active` };
    return needed[name] > missing.length
      ? {
          what,
          state: 'attention',
          found: `${name} is inactive: it lacks ${missing.join(' and ')}`,
          fix: `Add it to gateway.channels.${name}.`,
        }
      : { what, state: 'ok', found: `${name} is not used` };
  });
}
