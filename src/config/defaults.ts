/** What holds when nobody says otherwise. The schema states the same values, and a test keeps the two alike. */
import type { Conformance, LogLevel, ScopeName } from './config.ts';

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

const conformance: Conformance = 'off';
const logLevel: LogLevel = 'info';
const scopes: readonly ScopeName[] = ['chat', 'sessions'];

export const defaults = {
  host: '127.0.0.1',
  port: 18790,
  deadlines: { connect: 5000, firstChunk: 120_000, idle: 60_000, total: 600_000 },
  limits: { requestsPerMinute: 100, authFailuresPerMinute: 10 },
  retries: { attempts: 3, deadline: 180_000 },
  sessions: { historyMessages: 50, historyTokens: 32_000 },
  webhooks: { verifySignature: true, timeout: 5000, retryOnFailure: true },
  apiRoots: {
    telegram: 'https://api.telegram.org',
    discord: 'https://discord.com/api/v10',
    slack: 'https://slack.com/api',
  },
  channel: { scopes },
  health: { public: false },
  conformance,
  log: { level: logLevel },
  shutdown: { graceMs: 20_000 },
};

/** What the schema can only tell in words, because it depends on the provider's type or name. */
export const vendors = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    models: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-5.4', 'gpt-5.4-mini'],
    maxOutputTokens: undefined,
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com/v1',
    models: ['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'],
    maxOutputTokens: 8192,
  },
};
