import type { ChannelConfig, Config, ProviderConfig } from './config.ts';

export const hidden = '[secret]';

/** The configuration for people's eyes: what is set is seen, what is secret is not. */
export function redactConfig(config: Config): Record<string, unknown> {
  return {
    ...config,
    ...(config.adminKey === undefined ? {} : { adminKey: hidden }),
    providers: config.providers.map(redactProvider),
    channels: Object.fromEntries(
      Object.entries(config.channels).map(([name, channel]) => [name, hideMembers(channel)]),
    ),
  };
}

/** Every secret there is, for the log to scrub. */
export function secretsOf(config: Config): string[] {
  const found = new Set<string>();
  if (config.adminKey !== undefined) found.add(config.adminKey);
  for (const secret of config.providers.flatMap(secretsOfProvider)) found.add(secret);
  const channels: ChannelConfig[] = Object.values(config.channels);
  for (const secret of channels.flatMap(secretsIn)) found.add(secret);
  found.delete('');
  return [...found];
}

function redactProvider(provider: ProviderConfig): object {
  switch (provider.type) {
    case 'echo':
      return provider;
    case 'ai-sdk':
      return { ...provider, settings: hideSettings(provider.settings) };
    case 'openai':
    case 'anthropic':
      return {
        ...provider,
        apiKeys: provider.apiKeys.map(() => hidden),
        headers: Object.fromEntries(Object.keys(provider.headers).map((name) => [name, hidden])),
      };
  }
}

function secretsOfProvider(provider: ProviderConfig): string[] {
  switch (provider.type) {
    case 'echo':
      return [];
    case 'ai-sdk':
      return Object.entries(provider.settings).flatMap(([name, value]) =>
        publicSettings.has(name) ? [] : stringsIn(value),
      );
    case 'openai':
    case 'anthropic':
      return [...provider.apiKeys, ...Object.values(provider.headers)];
  }
}

// What a package calls its secrets is its own affair, so that all counts as one but what usually says where it is.
const publicSettings = new Set(['baseURL', 'region', 'location', 'project', 'resourceName', 'apiVersion', 'name']);

function hideSettings(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isShown = (name: string, value: unknown) => publicSettings.has(name) || typeof value === 'boolean';
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, isShown(name, value) ? value : hidden]),
  );
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
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
