import type { ChannelConfig, Config } from './config.ts';

export const hidden = '[secret]';

/** The configuration for people's eyes: what is set is seen, what is secret is not. */
export function redactConfig(config: Config): Record<string, unknown> {
  return {
    ...config,
    ...(config.adminKey === undefined ? {} : { adminKey: hidden }),
    providers: config.providers.map((provider) =>
      provider.type === 'echo'
        ? provider
        : {
            ...provider,
            apiKeys: provider.apiKeys.map(() => hidden),
            headers: Object.fromEntries(Object.keys(provider.headers).map((name) => [name, hidden])),
          },
    ),
    channels: Object.fromEntries(
      Object.entries(config.channels).map(([name, channel]) => [name, hideMembers(channel)]),
    ),
  };
}

/** Every secret there is, for the log to scrub. */
export function secretsOf(config: Config): string[] {
  const found = new Set<string>();
  if (config.adminKey !== undefined) found.add(config.adminKey);
  for (const provider of config.providers) {
    if (provider.type === 'echo') continue;
    for (const key of provider.apiKeys) found.add(key);
    for (const value of Object.values(provider.headers)) found.add(value);
  }
  const channels: ChannelConfig[] = Object.values(config.channels);
  for (const secret of channels.flatMap(secretsIn)) found.add(secret);
  found.delete('');
  return [...found];
}

// A callback's path or query is often all that guards it, so the whole address counts as a secret.
const secretMembers = new Set(['botToken', 'webhookSecret', 'signingSecret', 'secret', 'callbackUrl']);

function secretsIn(channel: ChannelConfig): string[] {
  return Object.entries(channel)
    .flatMap(([member, value]) => (secretMembers.has(member) ? value : []))
    .filter((secret) => typeof secret === 'string');
}

function hideMembers(channel: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(channel).map(([member, value]) => [member, secretMembers.has(member) ? hidden : value]),
  );
}
