import type { InboundEvent, RawWebhook, ReplyTarget } from '../../core/ports/channel.ts';
import { ignored, malformed } from '../wire/ignored.ts';
import { idIn, type JsonObject, numberIn, objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { textOf } from './text-of.ts';

/** So long a token is good for; the clock runs from the interaction itself. */
const tokenMs = 15 * 60_000;
/** Of the interaction's `context`: between the bot and one person, or somewhere the bot is not. */
const inDirect = 1;
const inPrivate = 2;

/** An interaction is one event. Ordinary messages never come this way. */
export function parse(webhook: RawWebhook, applicationId: string): InboundEvent[] {
  const interaction = parseObject(webhook.body.toString());
  const id = idIn(interaction, 'id');
  if (interaction?.event !== undefined) return [ignoredEvent(webhook)];
  if (!interaction || id === undefined) return [malformed(webhook)];
  const keys = [`${applicationId}:interaction:${id}`];
  const channel = idIn(interaction, 'channel_id');
  const token = textIn(interaction, 'token');
  const text = textOf(interaction);
  if (channel === undefined || token === undefined || text.trim() === '') {
    const nothing = ignored(id, keys, 'an interaction without words');
    return [token === undefined ? nothing : { ...nothing, target: { address: { token } } }];
  }
  const occurredAt = timeOf(id) ?? webhook.receivedAt;
  return [
    {
      kind: 'message',
      id,
      dedupeKeys: keys,
      // A thread is a channel too.
      conversation: channel,
      conversationKind: isDirect(interaction) ? 'direct' : 'group',
      ...groupOf(interaction),
      sender: senderOf(interaction, applicationId),
      text,
      occurredAt,
      target: targetOf(interaction, { application: applicationId, token, channel }, occurredAt + tokenMs),
    },
  ];
}

function ignoredEvent(webhook: RawWebhook): InboundEvent {
  return { ...malformed(webhook), reason: 'an event about the application' };
}

/**
 * Where the bot itself may write, the token's end is not the answer's: `send` goes on with the bot's token. It is there
 * where it was installed: the integration's owners name a guild, or 0 for its own direct messages.
 */
function targetOf(
  interaction: JsonObject,
  { channel, ...address }: { application: string; token: string; channel: string },
  tokenUntil: number,
): ReplyTarget {
  const owners = objectIn(interaction, 'authorizing_integration_owners');
  const isThere = interaction.context !== inPrivate && (owners === undefined || owners['0'] !== undefined);
  const byToken = { ...address, tokenUntil: String(tokenUntil) };
  return isThere ? { address: { ...byToken, channel } } : { address: byToken, expiresAt: tokenUntil };
}

function isDirect(interaction: JsonObject): boolean {
  if (interaction.context !== undefined) return interaction.context === inDirect;
  const groupOfFriends = objectIn(interaction, 'channel')?.type === 3;
  return interaction.guild_id === undefined && !groupOfFriends;
}

/** The channel that a thread is in. */
function groupOf(interaction: JsonObject): { group?: string } {
  const channel = objectIn(interaction, 'channel');
  const isThread = [10, 11, 12].includes(numberIn(channel, 'type') ?? -1);
  const parent = isThread ? idIn(channel, 'parent_id') : undefined;
  return parent === undefined ? {} : { group: parent };
}

function senderOf(interaction: JsonObject, applicationId: string): InboundEvent['sender'] {
  const user = objectIn(objectIn(interaction, 'member'), 'user') ?? objectIn(interaction, 'user');
  const id = idIn(user, 'id') ?? '';
  const name = textIn(user, 'global_name') ?? textIn(user, 'username');
  return {
    id,
    ...(name === undefined ? {} : { name }),
    isBot: user?.bot === true,
    isSelf: id !== '' && id === applicationId,
  };
}

/** Ids are snowflakes: milliseconds since 2015 in all but the last 22 bits. */
function timeOf(id: string): number | undefined {
  return /^\d{15,20}$/.test(id) ? Number(BigInt(id) >> 22n) + 1_420_070_400_000 : undefined;
}
