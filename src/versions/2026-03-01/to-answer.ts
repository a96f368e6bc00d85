import type { OperationId } from '../../../generated/operations.ts';
import type { components } from '../../../generated/types/2026-11-01.ts';
import type { ContractRun } from '../../handlers/to-run.ts';
import { toTimestamp } from '../../handlers/to-timestamp.ts';
import { toChatAnswer } from './to-chat-answer.ts';
import { toMessage } from './to-message.ts';
import { toUsageEntry } from './to-usage-entry.ts';

type Schemas = components['schemas'];

/**
 * An answer of the newest contract in this version's envelope. Each entry takes what its operation answers, which the
 * handlers' types hold; lists lose their cursor and gain the name of what they list.
 */
const data: { readonly [Id in OperationId]?: (body: never) => unknown } = {
  createChat: (run: ContractRun) => toChatAnswer(run),
  listModels: ({ items }: Schemas['ModelPage']) => ({ models: items }),
  listChannels: ({ items }: Schemas['ChannelPage']) => ({ channels: items }),
  listSessions: ({ items }: Schemas['SessionPage']) => ({ sessions: items }),
  listMessages: ({ items }: Schemas['MessagePage']) => ({ messages: items.map(toMessage).reverse() }),
  listKeys: ({ items }: Schemas['KeyPage']) => ({ keys: items }),
  listWebhookEvents: ({ items }: Schemas['WebhookEventPage']) => ({ events: items }),
  listUsage: ({ items }: Schemas['UsagePage']) => ({ usage: items.map(toUsageEntry) }),
  listVersions: ({ items }: Schemas['VersionPage']) => ({ versions: items }),
};

export function toAnswer(operation: OperationId, body: unknown, now: number): object {
  const map = data[operation];
  // What a handler answered is what its operation's entry takes.
  return { success: true, data: map ? map(body as never) : body, timestamp: toTimestamp(now) };
}
