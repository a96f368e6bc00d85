/** The whole configuration after defaults: frozen, validated, and the only thing that the rest of the gateway sees. */
export interface Config {
  /** The data folder, absolute. */
  readonly home: string;
  /** The config file that was read; absent when there is none. */
  readonly file?: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** A key with every scope, given by the environment: never stored, never printed. */
  readonly adminKey?: string;
  readonly origins: readonly string[];
  /** In the order of the file, then the built-in ones that it does not name; `echo` is the last of those. */
  readonly providers: readonly ProviderConfig[];
  readonly models: ModelsConfig;
  readonly limits: LimitsConfig & { readonly authFailuresPerMinute: number; readonly budget?: BudgetConfig };
  /** By `provider/model`, of every model whose price is known. */
  readonly prices: Readonly<Record<string, Price>>;
  /** By a name that requests give, and by `provider/model`: the longest answer to expect where a request names none. */
  readonly answerBounds: Readonly<Record<string, number>>;
  readonly sessions: { readonly historyMessages: number; readonly historyTokens: number };
  readonly webhooks: {
    readonly verifySignature: boolean;
    /** Milliseconds. */
    readonly timeout: number;
    readonly retryOnFailure: boolean;
  };
  readonly channels: ChannelsConfig;
  readonly health: { readonly public: boolean };
  readonly conformance: Conformance;
  readonly log: { readonly level: LogLevel; readonly color: boolean };
  readonly shutdown: { readonly graceMs: number };
}

export type ProviderConfig = EchoProviderConfig | RemoteProviderConfig | AiSdkProviderConfig;

export interface EchoProviderConfig {
  readonly type: 'echo';
  readonly name: string;
  readonly configured: true;
  readonly models: readonly string[];
}

export interface RemoteProviderConfig {
  readonly type: 'openai' | 'anthropic';
  readonly name: string;
  /** False when its key is missing: listed as `unconfigured`, never called. */
  readonly configured: boolean;
  readonly models: readonly string[];
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Used in turn. */
  readonly apiKeys: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** True for those that answer nobody without a key. */
  readonly requireKey: boolean;
  /** What goes out with calls that have no limit of their own; only where the wire demands one. */
  readonly maxOutputTokens?: number;
  /** Whether the server has OpenAI's `/responses` too; absent leaves it to the provider. */
  readonly responses?: boolean;
  readonly deadlines: Deadlines;
}

/** A package of the Vercel AI SDK, installed by the operator. */
export interface AiSdkProviderConfig {
  readonly type: 'ai-sdk';
  readonly name: string;
  /** False when the package is not installed: listed as `unconfigured`, never called. */
  readonly configured: boolean;
  readonly models: readonly string[];
  readonly package: string;
  readonly export?: string;
  readonly api?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the package is looked for, in this order: the data folder, where the gateway was started, the gateway itself. */
  readonly folders: readonly string[];
  readonly deadlines: Deadlines;
}

export interface Deadlines {
  readonly connectMs: number;
  readonly firstChunkMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface ModelsConfig {
  readonly default: string;
  /** A name → `provider/model`, in order. */
  readonly routes: Readonly<Record<string, readonly (string | { readonly target: string; readonly weight: number })[]>>;
  /** A further name → a route's or a model's. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly retries: { readonly attempts: number; readonly deadlineMs: number };
}

/** What is absent is not limited. */
export interface ModelLimitsConfig {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrentRuns?: number;
}

export interface LimitsConfig extends ModelLimitsConfig {
  readonly requestsPerMinute: number;
  /** By the name that requests give. */
  readonly models?: Readonly<Record<string, ModelLimitsConfig>>;
}

export interface BudgetConfig {
  /** US dollars. */
  readonly amount: number;
  readonly period: 'day' | 'month';
}

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** As `input` when absent, and so is the next. */
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  /** Tokens read: above so many this is not the price, and none is known. */
  readonly upTo?: number;
}

export interface ChannelsConfig {
  readonly telegram: TelegramConfig;
  readonly discord: DiscordConfig;
  readonly slack: SlackConfig;
  readonly webhook: WebhookConfig;
}

export type ChannelConfig = ChannelsConfig[keyof ChannelsConfig];

interface AnyChannel {
  /** True when every secret is there. */
  readonly configured: boolean;
  /** The names of the settings that are missing when it is not configured. */
  readonly missing: readonly string[];
  /** The principal of this channel's messages. */
  readonly user: string;
  readonly scopes: readonly ScopeName[];
  readonly limits: LimitsConfig;
  /** Who may talk without asking; absent means nobody. */
  readonly allow?: readonly string[];
}

/** One, or several while one is being rotated: any of them verifies, and the first is the one to sign with. */
export type Secrets = string | readonly string[];

export interface TelegramConfig extends AnyChannel {
  readonly name: 'telegram';
  readonly botToken?: string;
  readonly webhookSecret?: Secrets;
  readonly apiRoot: string;
}

export interface DiscordConfig extends AnyChannel {
  readonly name: 'discord';
  readonly applicationId?: string;
  readonly publicKey?: Secrets;
  readonly botToken?: string;
  readonly apiRoot: string;
}

export interface SlackConfig extends AnyChannel {
  readonly name: 'slack';
  readonly signingSecret?: Secrets;
  readonly botToken?: string;
  readonly apiRoot: string;
}

export interface WebhookConfig extends AnyChannel {
  readonly name: 'webhook';
  readonly secret?: Secrets;
  readonly callbackUrl?: string;
}

export type ScopeName = 'chat' | 'sessions' | 'channels' | 'webhooks' | 'status' | 'usage' | 'keys' | 'admin';
export type Conformance = 'off' | 'sample' | 'report' | 'strict';
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
