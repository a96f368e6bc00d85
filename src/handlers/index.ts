/** Every operation of the contract and who handles it: forget one, or add one that is not there, and it does not compile. */
import { changeSession } from './change-session.ts';
import { createChat } from './create-chat.ts';
import { createKey } from './create-key.ts';
import { getAsyncDocs } from './get-async-docs.ts';
import { getAsyncApiJson } from './get-asyncapi-json.ts';
import { getAsyncApiYaml } from './get-asyncapi-yaml.ts';
import { getChangelog } from './get-changelog.ts';
import { getConfigSchema } from './get-config-schema.ts';
import { getConformance } from './get-conformance.ts';
import { getDetailedHealth } from './get-detailed-health.ts';
import { getDocs } from './get-docs.ts';
import { getDocsScript } from './get-docs-script.ts';
import { getHealth } from './get-health.ts';
import { getKey } from './get-key.ts';
import { getLiveness } from './get-liveness.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenAiModel } from './get-openai-model.ts';
import { getOpenApiJson } from './get-openapi-json.ts';
import { getOpenApiYaml } from './get-openapi-yaml.ts';
import { getReadiness } from './get-readiness.ts';
import { getRun } from './get-run.ts';
import { getSession } from './get-session.ts';
import { getStatus } from './get-status.ts';
import { getWebhookEvent } from './get-webhook-event.ts';
import type { Handlers } from './handler.ts';
import { listChannels } from './list-channels.ts';
import { listKeys } from './list-keys.ts';
import { listMessages } from './list-messages.ts';
import { listModels } from './list-models.ts';
import { listOpenAiModels } from './list-openai-models.ts';
import { listSessions } from './list-sessions.ts';
import { listUsage } from './list-usage.ts';
import { listVersions } from './list-versions.ts';
import { listWebhookEvents } from './list-webhook-events.ts';
import { onDemand } from './on-demand.ts';
import { receiveDiscord } from './receive-discord.ts';
import { receiveSlack } from './receive-slack.ts';
import { receiveTelegram } from './receive-telegram.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { replayWebhookEvent } from './replay-webhook-event.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';

export const handlers: Handlers = {
  changeSession,
  countMessageTokens: onDemand(async () => (await import('./count-message-tokens.ts')).countMessageTokens),
  createChat,
  createChatCompletion: onDemand(async () => (await import('./create-chat-completion.ts')).createChatCompletion),
  createEmbeddings: onDemand(async () => (await import('./create-embeddings.ts')).createEmbeddings),
  createKey,
  createMessage: onDemand(async () => (await import('./create-message.ts')).createMessage),
  createResponse: onDemand(async () => (await import('./create-response.ts')).createResponse),
  getAsyncApiJson,
  getAsyncApiYaml,
  getAsyncDocs,
  getChangelog,
  getConfigSchema,
  getConformance,
  getDetailedHealth,
  getDocs,
  getDocsScript,
  getHealth,
  getKey,
  getLiveness,
  getMetrics,
  getOpenAiModel,
  getOpenApiJson,
  getOpenApiYaml,
  getReadiness,
  getRun,
  getSession,
  getStatus,
  getWebhookEvent,
  listChannels,
  listKeys,
  listMessages,
  listModels,
  listOpenAiModels,
  listSessions,
  listUsage,
  listVersions,
  listWebhookEvents,
  receiveDiscord,
  receiveSlack,
  receiveTelegram,
  receiveWebhook,
  replayWebhookEvent,
  revokeKey,
  rotateKey,
};
