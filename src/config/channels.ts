import { addressFault, withoutSlash } from './address.ts';
import type { ChannelsConfig } from './config.ts';
import type { GatewayFile } from './contract.ts';
import { defaults } from './defaults.ts';
import type { Explanation } from './explain-faults.ts';

/** What the settings of all channels have in common. */
type ChannelFile = NonNullable<NonNullable<GatewayFile['channels']>['webhook']>;

/** All four, always: one without its secrets is inactive and says what is missing. */
export function resolveChannels(file: GatewayFile, fault: (fault: Explanation) => void): ChannelsConfig {
  const { telegram = {}, discord = {}, slack = {}, webhook = {} } = file.channels ?? {};
  // A budget is a key's.
  const { authFailuresPerMinute: _, budget: __, ...limits } = { ...defaults.limits, ...file.limits };

  const principal = (name: string, settings: Pick<ChannelFile, 'user' | 'scopes' | 'limits'>) => {
    const scopes = settings.scopes ?? defaults.channel.scopes;
    if (!scopes.includes('chat') && !scopes.includes('admin')) {
      fault({
        path: ['gateway', 'channels', name, 'scopes'],
        reason: 'must have `chat`: answering takes it',
        suggestion: 'To turn the channel off, take its secrets away.',
      });
    }
    return {
      user: settings.user ?? name,
      scopes,
      limits: { ...limits, ...settings.limits },
    };
  };
  const checkAddress = (name: string, member: string, address: string | undefined) => {
    const wrong = address === undefined ? undefined : addressFault(address);
    if (wrong) fault({ path: ['gateway', 'channels', name, member], ...wrong });
  };
  checkAddress('telegram', 'apiRoot', telegram.apiRoot);
  checkAddress('discord', 'apiRoot', discord.apiRoot);
  checkAddress('slack', 'apiRoot', slack.apiRoot);
  if (webhook.callbackUrl !== undefined && !URL.canParse(webhook.callbackUrl)) {
    fault({ path: ['gateway', 'channels', 'webhook', 'callbackUrl'], reason: 'must be an address that can be called' });
  }
  for (const [index, secret] of [webhook.secret ?? []].flat().entries()) {
    if (isWebhookSecret(secret)) continue;
    fault({
      path: ['gateway', 'channels', 'webhook', 'secret', ...(Array.isArray(webhook.secret) ? [String(index)] : [])],
      reason: 'must be `whsec_` and the base64 of 24 to 64 bytes',
      suggestion: 'Make one with `echo "whsec_$(openssl rand -base64 32)"`.',
    });
  }

  return {
    telegram: {
      name: 'telegram',
      ...telegram,
      ...principal('telegram', telegram),
      ...secretsIn(telegram, ['botToken', 'webhookSecret']),
      apiRoot: withoutSlash(telegram.apiRoot ?? defaults.apiRoots.telegram),
    },
    discord: {
      name: 'discord',
      ...discord,
      ...principal('discord', discord),
      ...secretsIn(discord, ['applicationId', 'publicKey', 'botToken']),
      apiRoot: withoutSlash(discord.apiRoot ?? defaults.apiRoots.discord),
    },
    slack: {
      name: 'slack',
      ...slack,
      ...principal('slack', slack),
      ...secretsIn(slack, ['signingSecret', 'botToken']),
      apiRoot: withoutSlash(slack.apiRoot ?? defaults.apiRoots.slack),
    },
    webhook: {
      name: 'webhook',
      ...webhook,
      ...principal('webhook', webhook),
      ...secretsIn(webhook, ['secret', 'callbackUrl']),
    },
  };
}

function secretsIn<Settings extends object>(
  settings: Settings,
  needed: (keyof Settings & string)[],
): { configured: boolean; missing: string[] } {
  const missing = needed.filter((member) => settings[member] === undefined);
  return { configured: missing.length === 0, missing };
}

function isWebhookSecret(secret: string): boolean {
  const { length } = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return length >= 24 && length <= 64;
}
