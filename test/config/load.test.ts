import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { patternsInWords } from '../../src/config/explain-faults.ts';
import { isLoopback } from '../../src/config/index.ts';
import { load } from './load.ts';

const schema = JSON.parse(readFileSync('generated/config.schema.json', 'utf8'));

const gateway = (members: string) => `{ gateway: { ${members} } }`;

describe('a configuration', () => {
  it('is whole with nothing given', () => {
    const { home, providers, prices, answerBounds, ...rest } = load(undefined);
    assert.ok(home.includes('gateway-config-'));
    assert.deepEqual(
      providers.map(({ name, type, configured }) => ({ name, type, configured })),
      [
        { name: 'openai', type: 'openai', configured: false },
        { name: 'anthropic', type: 'anthropic', configured: false },
        { name: 'echo', type: 'echo', configured: true },
      ],
    );
    assert.deepEqual(prices['openai/gpt-4o'], { input: 2.5, output: 10, cachedInput: 1.25 });
    assert.deepEqual(answerBounds, {
      'anthropic/claude-sonnet-5-5': 8192,
      'anthropic/claude-haiku-5-5': 8192,
      'anthropic/claude-opus-5-5': 8192,
      'anthropic/claude-sonnet-4-5': 8192,
      'anthropic/claude-haiku-4-5': 8192,
    });
    const inactive = { configured: false, scopes: ['chat', 'sessions'], limits: { requestsPerMinute: 100 } };
    assert.deepEqual(rest, {
      host: '127.0.0.1',
      port: 18790,
      origins: [],
      models: { default: 'echo', aliases: {}, retries: { attempts: 3, deadlineMs: 180_000 }, routes: {} },
      limits: { requestsPerMinute: 100, authFailuresPerMinute: 10 },
      sessions: { historyMessages: 50, historyTokens: 32000 },
      webhooks: { verifySignature: true, timeout: 5000, retryOnFailure: true },
      channels: {
        telegram: {
          ...inactive,
          name: 'telegram',
          user: 'telegram',
          missing: ['botToken', 'webhookSecret'],
          apiRoot: 'https://api.telegram.org',
        },
        discord: {
          ...inactive,
          name: 'discord',
          user: 'discord',
          missing: ['applicationId', 'publicKey', 'botToken'],
          apiRoot: 'https://discord.com/api/v10',
        },
        slack: {
          ...inactive,
          name: 'slack',
          user: 'slack',
          missing: ['signingSecret', 'botToken'],
          apiRoot: 'https://slack.com/api',
        },
        webhook: { ...inactive, name: 'webhook', user: 'webhook', missing: ['secret', 'callbackUrl'] },
      },
      health: { public: false },
      conformance: 'off',
      log: { level: 'info', color: true },
      shutdown: { graceMs: 20000 },
    });
  });

  it('states in the schema every default that it has', () => {
    const said = new Map<string, unknown>();
    const visit = (node: Record<string, unknown>, path: string) => {
      if ('default' in node) said.set(path, node.default);
      for (const [name, child] of Object.entries(node.properties ?? {})) visit(child, `${path}.${name}`);
      if (typeof node.additionalProperties === 'object' && node.additionalProperties !== null) {
        visit({ ...node.additionalProperties }, `${path}.*`);
      }
    };
    visit(schema.properties.gateway, '');
    assert.deepEqual(
      [...said.keys()].map((path) => path.slice(1)),
      [
        'host port origins providers',
        'providers.*.deadlines.connect providers.*.deadlines.firstChunk providers.*.deadlines.idle',
        'providers.*.deadlines.total providers.*.headers models.routes models.aliases',
        'models.retries.attempts models.retries.deadline',
        'limits.requestsPerMinute limits.authFailuresPerMinute sessions.historyMessages sessions.historyTokens',
        'webhooks.verifySignature webhooks.timeout webhooks.retryOnFailure',
        'channels.telegram.apiRoot channels.telegram.scopes channels.discord.apiRoot channels.discord.scopes',
        'channels.slack.apiRoot channels.slack.scopes channels.webhook.scopes',
        'health.public conformance log.level shutdown.graceMs',
      ].flatMap((line) => line.split(' ')),
    );
    const config = load(undefined);
    const [openai] = config.providers;
    for (const [path, value] of said) {
      if (path === '.providers') continue; // Built-in ones are always there.
      const remote = /^\.providers\.\*\.(.*)$/.exec(path);
      let found: unknown = remote ? openai : config;
      for (const name of (remote?.[1] ?? path.slice(1)).replace(/(deadlines.*|retries.deadline)$/, '$1Ms').split('.')) {
        found = new Map(Object.entries(found ?? {})).get(name);
      }
      assert.deepEqual(found, value, path);
    }
  });

  it('has words for every pattern of the schema', () => {
    const patterns = [...JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map((match) =>
      JSON.parse(match[1] ?? ''),
    );
    assert.deepEqual([...new Set(patterns)].sort(), Object.keys(patternsInWords).sort());
  });

  it('accepts the source’s snippet as it stands', () => {
    const text = '{"gateway":{"webhooks":{"verifySignature":true,"timeout":5000,"retryOnFailure":true}}}';
    assert.deepEqual(load(text).webhooks, { verifySignature: true, timeout: 5000, retryOnFailure: true });
  });

  it('takes the address of Anthropic as its own SDK does, with the version or without', () => {
    for (const address of ['http://127.0.0.1:9', 'http://127.0.0.1:9/', 'http://127.0.0.1:9/v1']) {
      const { providers } = load(undefined, { ANTHROPIC_API_KEY: 'sk-a', ANTHROPIC_BASE_URL: address });
      const found = providers.find(({ name }) => name === 'anthropic');
      assert.equal(found?.type === 'anthropic' && found.baseUrl, 'http://127.0.0.1:9/v1');
    }
  });

  it('accepts the file of the operator’s manual', () => {
    const config = load(
      `// JSON5, with comments
      { $schema: './config.schema.json', gateway: {
        providers: {
          openai:    { type: 'openai',    baseUrl: 'https://api.openai.com/v1',    apiKey: '\${OPENAI_API_KEY}',    models: ['gpt-4o'] },
          anthropic: { type: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', apiKey: '\${ANTHROPIC_API_KEY}', models: ['claude-sonnet-4-5'] },
          local:     { type: 'openai',    baseUrl: 'http://127.0.0.1:11434/v1/',   models: ['llama3'] },
        },
        models: { default: 'gpt-4o', routes: { 'gpt-4o': ['openai/gpt-4o', 'anthropic/claude-sonnet-4-5'] } },
        limits: { requestsPerMinute: 100 },
        webhooks: { verifySignature: true, timeout: 5000, retryOnFailure: true },
        channels: {
          telegram: { botToken: '\${TELEGRAM_BOT_TOKEN}', webhookSecret: '\${TELEGRAM_SECRET}', apiRoot: 'https://api.telegram.org' },
          discord:  { applicationId: '1', publicKey: '${'ab'.repeat(32)}', botToken: 'd', apiRoot: 'https://discord.com/api/v10' },
          slack:    { signingSecret: 's', botToken: 'xoxb', apiRoot: 'https://slack.com/api' },
          webhook:  { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', callbackUrl: 'https://a.example/in' },
        },
      } }`,
      { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', TELEGRAM_BOT_TOKEN: '1:t', TELEGRAM_SECRET: 'secret' },
    );
    assert.deepEqual(
      config.providers.map((provider) => [provider.name, provider.configured, provider.models]),
      [
        ['openai', true, ['gpt-4o']],
        ['anthropic', true, ['claude-sonnet-4-5']],
        ['local', true, ['llama3']],
        ['echo', true, ['echo']],
      ],
    );
    assert.deepEqual(config.models, {
      default: 'gpt-4o',
      aliases: {},
      retries: { attempts: 3, deadlineMs: 180_000 },
      routes: { 'gpt-4o': ['openai/gpt-4o', 'anthropic/claude-sonnet-4-5'] },
    });
    assert.deepEqual(
      Object.values(config.channels).map((channel) => [channel.name, channel.configured, channel.missing]),
      [
        ['telegram', true, []],
        ['discord', true, []],
        ['slack', true, []],
        ['webhook', true, []],
      ],
    );
    const local = config.providers[2];
    assert.ok(local?.type === 'openai');
    assert.equal(local.baseUrl, 'http://127.0.0.1:11434/v1');
    assert.deepEqual(local.apiKeys, []);
    assert.ok(config.file?.endsWith('gateway.json5'));
  });

  it('cannot be changed, at any depth', () => {
    const config = load(gateway("models: { routes: { fast: ['echo/echo'] } }"));
    const visit = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      assert.ok(Object.isFrozen(value), path);
      for (const [name, member] of Object.entries(value)) visit(member, `${path}.${name}`);
    };
    visit(config, 'config');
  });

  it('takes a channel’s principal from its settings', () => {
    const { channels } = load(
      gateway(`limits: { requestsPerMinute: 7 }, channels: {
        slack: { user: 'shop', scopes: ['chat'], limits: { requestsPerMinute: 3 }, allow: ['U1'] }, discord: {} }`),
    );
    assert.deepEqual(
      [channels.slack.user, channels.slack.scopes, channels.slack.limits, channels.slack.allow],
      ['shop', ['chat'], { requestsPerMinute: 3 }, ['U1']],
    );
    assert.deepEqual(channels.discord.limits, { requestsPerMinute: 7 });
    assert.equal(channels.discord.allow, undefined);
  });
});

describe('providers', () => {
  const table: [name: string, text: string | undefined, env: NodeJS.ProcessEnv, configured: string[], model: string][] =
    [
      ['a key in the environment', undefined, { OPENAI_API_KEY: 'sk-1' }, ['openai', 'echo'], 'gpt-4o'],
      ['another key', undefined, { ANTHROPIC_API_KEY: 'sk-1' }, ['anthropic', 'echo'], 'claude-sonnet-5-5'],
      ['an empty key', undefined, { OPENAI_API_KEY: '' }, ['echo'], 'echo'],
      ['an address without a key', undefined, { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, ['echo'], 'echo'],
      [
        'a provider of one’s own goes before the environment',
        gateway("providers: { local: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', models: ['llama3'] } }"),
        { OPENAI_API_KEY: 'sk-1' },
        ['local', 'openai', 'echo'],
        'llama3',
      ],
      [
        'a vendor’s own address under another name wants a key',
        gateway("providers: { mine: { type: 'openai', baseUrl: 'https://api.openai.com/v1', models: ['gpt-4o'] } }"),
        {},
        ['echo'],
        'echo',
      ],
      [
        'the built-in echo never goes before a real one',
        gateway("providers: { echo: { models: ['parrot'] } }"),
        { OPENAI_API_KEY: 'sk-1' },
        ['echo', 'openai'],
        'gpt-4o',
      ],
      [
        'the default that the file names',
        gateway("models: { default: 'claude-haiku-4-5' }"),
        { OPENAI_API_KEY: 'sk-1' },
        ['openai', 'echo'],
        'claude-haiku-4-5',
      ],
      [
        'a route as default, and a model with slashes',
        gateway(`providers: { router: { type: 'openai', apiKey: 'k', models: ['meta/llama-3'] } },
        models: { default: 'fast', routes: { fast: ['router/meta/llama-3'] } }`),
        {},
        ['router', 'echo'],
        'fast',
      ],
    ];
  for (const [name, text, env, configured, model] of table) {
    it(name, () => {
      const config = load(text, env);
      assert.deepEqual(
        config.providers.filter((provider) => provider.configured).map((provider) => provider.name),
        configured,
      );
      assert.equal(config.models.default, model);
    });
  }

  it('take from the environment what the file leaves open, and only that', () => {
    const env = { OPENAI_API_KEY: 'sk-env', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1/' };
    const [open] = load(gateway("providers: { openai: { models: ['m'] } }"), env).providers;
    assert.ok(open?.type === 'openai');
    assert.deepEqual([open.apiKeys, open.baseUrl, open.models], [['sk-env'], 'http://127.0.0.1:1/v1', ['m']]);
    const [given] = load(
      gateway("providers: { openai: { apiKey: 'sk-file', baseUrl: 'http://127.0.0.1:2' } }"),
      env,
    ).providers;
    assert.ok(given?.type === 'openai');
    assert.deepEqual([given.apiKeys, given.baseUrl], [['sk-file'], 'http://127.0.0.1:2']);
  });

  it('takes several keys for one provider', () => {
    const [several] = load(gateway(`providers: { openai: { apiKey: ['sk-1', '\${TWO}'] } }`), {
      TWO: 'sk-2',
    }).providers;
    assert.ok(several?.type === 'openai');
    assert.deepEqual([several.apiKeys, several.configured], [['sk-1', 'sk-2'], true]);
  });

  it('wait as long as they are told to', () => {
    const [openai, anthropic] = load(
      gateway('providers: { openai: { deadlines: { idle: 5 } }, anthropic: { maxOutputTokens: 9 } }'),
    ).providers;
    assert.ok(openai?.type === 'openai' && anthropic?.type === 'anthropic');
    assert.deepEqual(openai.deadlines, { connectMs: 5000, firstChunkMs: 120000, idleMs: 5, totalMs: 600000 });
    assert.deepEqual([openai.maxOutputTokens, anthropic.maxOutputTokens], [undefined, 9]);
  });

  it('have responses where it is said, and are not told where it is not', () => {
    const told = load(gateway('providers: { openai: { responses: false } }')).providers[0];
    const untold = load(gateway('')).providers[0];
    assert.ok(told?.type === 'openai' && untold?.type === 'openai');
    assert.deepEqual([told.responses, untold.responses], [false, undefined]);
  });
});

describe('the environment', () => {
  it('goes before the file', () => {
    const config = load(gateway("host: '127.0.0.2', port: 1, log: { level: 'warn' }"), {
      GATEWAY_HOST: '::1',
      GATEWAY_PORT: '0',
      GATEWAY_LOG_LEVEL: 'debug',
      NO_COLOR: '1',
    });
    assert.deepEqual([config.host, config.port, config.log], ['::1', 0, { level: 'debug', color: false }]);
  });

  it('may write an IPv6 address as in a URL', () => {
    assert.equal(load(undefined, { GATEWAY_HOST: '[::1]' }).host, '::1');
  });

  it('counts an empty variable as unset', () => {
    const config = load(gateway('port: 5'), {
      GATEWAY_PORT: '',
      GATEWAY_HOST: '',
      GATEWAY_ADMIN_KEY: '',
      NO_COLOR: '',
    });
    assert.deepEqual([config.port, config.host, config.adminKey, config.log.color], [5, '127.0.0.1', undefined, true]);
  });

  it('gives any printable key of 24 to 256 characters', () => {
    for (const key of ['x'.repeat(24), 'y'.repeat(256), 'a b!"#$%&\'()*+,-./:;<=>?@[]^_{|}~`c']) {
      assert.equal(load(undefined, { GATEWAY_ADMIN_KEY: key }).adminKey, key);
    }
  });

  it('names the data folder, and the file', () => {
    assert.equal(load(undefined, { GATEWAY_HOME: '' }).home, join(homedir(), '.openclaw-gateway'));
    assert.equal(load(undefined, { GATEWAY_HOME: '~/x' }).home, join(homedir(), 'x'));
    assert.equal(load(undefined, { GATEWAY_HOME: 'here' }).home, join(process.cwd(), 'here'));
  });
});

describe('placeholders', () => {
  const apiKey = (text: string, env: NodeJS.ProcessEnv) => {
    const [openai] = load(gateway(`providers: { openai: { apiKey: '${text}' } }`), env).providers;
    return openai?.type === 'openai' ? openai.apiKeys[0] : undefined;
  };
  const table: [text: string, want: string][] = [
    [`\${A}`, 'one'],
    [`x\${A}-\${B_2}y`, 'xone-twoy'],
    [`$\${A}`, `\${A}`],
    [`$$\${A}`, `$\${A}`],
    ['$A', '$A'],
    ['a$', 'a$'],
    [`\${C}`, `\${A}`],
  ];
  for (const [text, want] of table) {
    it(text, () => assert.equal(apiKey(text, { A: 'one', B_2: 'two', C: `\${A}` }), want));
  }
});

describe('loopback', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1']) {
    it(`is ${host}`, () => assert.ok(isLoopback(host)));
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example.com', '127.0.0.1.example.com', '', '128.0.0.1']) {
    it(`is not ${host}`, () => assert.ok(!isLoopback(host)));
  }
});
