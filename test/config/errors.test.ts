import { strict as assert } from 'node:assert';
import { refusal } from './load.ts';

const gateway = (members: string) => `{ gateway: {\n${members}\n} }`;

describe('a config file that does not hold is refused', () => {
  const cases: [name: string, text: string, want: string][] = [
    [
      'a misspelt member',
      gateway('provders: {}'),
      'gateway.json5:2: gateway.provders is not a setting. Did you mean `providers`?',
    ],
    [
      'another spelling of a member',
      gateway("providers: { openai: {\n base_url: 'https://a.example' } }"),
      'gateway.json5:3: gateway.providers.openai.base_url is not a setting. Did you mean `baseUrl`?',
    ],
    [
      'a member in the wrong place',
      '{ providers: {}, gateway: {} }',
      'gateway.json5:1: providers is not a setting. It belongs to `gateway.providers`.',
    ],
    [
      'a member that nothing resembles',
      gateway('webhooks: { colour: 1 }'),
      'gateway.json5:2: gateway.webhooks.colour is not a setting. Known here: verifySignature, timeout, retryOnFailure.',
    ],
    [
      'a channel that may not chat',
      gateway("channels: { slack: {\n scopes: ['sessions'] } }"),
      'gateway.json5:3: gateway.channels.slack.scopes must have `chat`: answering takes it. To turn the channel off, take ' +
        'its secrets away.',
    ],
    ['no `gateway`', '{}', 'gateway.json5: gateway is missing. The file is `{ gateway: { … } }`.'],
    ['no object', '[]', 'gateway.json5: The file must be an object: { … }.'],
    ['a string for a number', gateway("port: '80'"), 'gateway.json5:2: gateway.port must be a whole number.'],
    ['a fraction', gateway('port: 80.5'), 'gateway.json5:2: gateway.port must be a whole number.'],
    [
      'a number for a switch',
      gateway('webhooks: {\n\n verifySignature: 1 }'),
      'gateway.json5:4: gateway.webhooks.verifySignature must be true or false.',
    ],
    [
      'a number that is too small',
      gateway('limits: { requestsPerMinute: 0 }'),
      'gateway.json5:2: gateway.limits.requestsPerMinute must be at least 1. Requests and WebSocket messages a minute ' +
        'for each key that has no limit of its own.',
    ],
    [
      'a number that is too large',
      gateway('port: 65536'),
      'gateway.json5:2: gateway.port must be at most 65535. The TCP port to listen on; 0 takes any free one. ' +
        '`GATEWAY_PORT` goes before it.',
    ],
    [
      'one of several words, misspelt',
      gateway("log: { level: 'warning' }"),
      'gateway.json5:2: gateway.log.level must be one of debug, info, warn, error, silent.',
    ],
    [
      'one of several words, nearly',
      gateway("conformance: 'repport'"),
      'gateway.json5:2: gateway.conformance must be one of off, sample, report, strict. Did you mean `report`?',
    ],
    [
      'an address without a scheme',
      gateway("providers: { openai: { baseUrl: 'api.openai.com' } }"),
      'gateway.json5:2: gateway.providers.openai.baseUrl must be an address that begins with http:// or https://. ' +
        'The address up to and with the version, without a slash at the end. By default `https://api.openai.com/v1` ' +
        'for type `openai` and `https://api.anthropic.com/v1` for `anthropic`.',
    ],
    [
      'an address with a password',
      gateway("providers: { openai: { baseUrl: 'https://me:hidden@api.openai.com' } }"),
      'gateway.json5:2: gateway.providers.openai.baseUrl must not contain a user or a password. ' +
        'Secrets have settings of their own, which are kept out of logs.',
    ],
    [
      'an address with a query',
      gateway("channels: { slack: { apiRoot: 'https://slack.com/api?x=1' } }"),
      'gateway.json5:2: gateway.channels.slack.apiRoot must end with the path, without `?` or `#`.',
    ],
    [
      'a name that may not be one',
      gateway("providers: { 'my provider': { type: 'openai', models: ['a'] } }"),
      'gateway.json5:2: gateway.providers["my provider"] is not a name that may stand here: ' +
        'letters, digits, `.`, `_` and `-`, and a letter or digit first.',
    ],
    [
      'a member twice',
      gateway('port: 1,\nhost: "127.0.0.1",\nport: 2'),
      'gateway.json5:2: gateway.port is given twice, on lines 2 and 4.',
    ],
    [
      'a provider without a type',
      gateway("providers: { local: { models: ['llama3'] } }"),
      'gateway.json5:2: gateway.providers.local.type is missing. ' +
        "Add `type: 'openai'` or `type: 'anthropic'`: the wire format that this provider speaks.",
    ],
    [
      'a provider without models',
      gateway("providers: { local: { type: 'openai', baseUrl: 'http://127.0.0.1:11434/v1' } }"),
      'gateway.json5:2: gateway.providers.local.models is missing. ' +
        'List the models that this provider serves, as it names them.',
    ],
    [
      'a built-in provider of another type',
      gateway("providers: { openai: { type: 'anthropic' } }"),
      'gateway.json5:2: gateway.providers.openai.type must be openai, because the name is a built-in one. ' +
        'Take another name.',
    ],
    [
      'a key for the provider that needs none',
      gateway("providers: { echo: { apiKey: 'x' } }"),
      'gateway.json5:2: gateway.providers.echo.apiKey means nothing to type echo, which answers by itself. Take it out.',
    ],
    [
      'a limit of tokens where the wire has none',
      gateway('providers: { openai: { maxOutputTokens: 5 } }'),
      'gateway.json5:2: gateway.providers.openai.maxOutputTokens is only for type anthropic, whose wire demands a ' +
        'limit. Take it out: other models know their own.',
    ],
    [
      'responses where they are not',
      gateway('providers: { anthropic: { responses: true } }'),
      'gateway.json5:2: gateway.providers.anthropic.responses is only for type openai, whose API it is. Take it out.',
    ],
    [
      'a route to a provider that is not there',
      gateway("models: { routes: { fast: ['opnai/gpt-4o'] } }"),
      'gateway.json5:2: gateway.models.routes.fast[0] names a provider that does not exist. Did you mean `openai/…`?',
    ],
    [
      'a route to a model that is not there',
      gateway("models: { routes: { 'gpt-4o': ['openai/gpt-4o', 'openai/gpt-4o-mni'] } }"),
      'gateway.json5:2: gateway.models.routes["gpt-4o"][1] names a model that openai does not list. ' +
        'Did you mean `openai/gpt-4o-mini`?',
    ],
    [
      'a route that names no provider',
      gateway("models: { routes: { fast: ['gpt-4o'] } }"),
      'gateway.json5:2: gateway.models.routes.fast[0] must be a provider and a model, as in `openai/gpt-4o`.',
    ],
    [
      'a default model that is not there',
      gateway("models: { default: 'gtp-4o' }"),
      'gateway.json5:2: gateway.models.default is neither a route nor a model of a provider. Did you mean `gpt-4o`?',
    ],
    [
      'an origin with a path',
      gateway("origins: ['https://a.example', 'https://b.example/']"),
      'gateway.json5:2: gateway.origins[1] must be an origin such as https://app.example.com, without a path and ' +
        'without `*`.',
    ],
    [
      'an origin in another spelling',
      gateway("origins: [\n'https://A.example:443']"),
      'gateway.json5:3: gateway.origins[0] is not spelt as a browser sends it. Write https://a.example.',
    ],
    [
      'any origin',
      gateway("origins: ['*']"),
      'gateway.json5:2: gateway.origins[0] must be an origin such as https://app.example.com, without a path and ' +
        'without `*`.',
    ],
    [
      'unverified webhooks that others can reach',
      gateway("host: '0.0.0.0',\nwebhooks: { verifySignature: false }"),
      'gateway.json5:3: gateway.webhooks.verifySignature may be false only on a loopback host: anybody could send ' +
        'messages in a platform’s name. Set it to true, or listen on 127.0.0.1.',
    ],
    [
      'a host that is an address',
      gateway("host: 'http://127.0.0.1'"),
      'gateway.json5:2: gateway.host must be a host name or an IP address. ' +
        'Scheme and port do not belong to it; the port is GATEWAY_PORT.',
    ],
    [
      'a webhook secret of too few bytes',
      gateway("channels: { webhook: { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==' } }"),
      'gateway.json5:2: gateway.channels.webhook.secret must be `whsec_` and the base64 of 24 to 64 bytes. ' +
        'Make one with `echo "whsec_$(openssl rand -base64 32)"`.',
    ],
    [
      'a scope twice',
      gateway("channels: { slack: { scopes: ['chat', 'chat'] } }"),
      'gateway.json5:2: gateway.channels.slack.scopes must not name the same thing twice.',
    ],
    [
      'a variable that is not set',
      gateway(`providers: {\n openai: {\n apiKey: '\${GATEWAY_TEST_MISSING}' } }`),
      'gateway.json5:4: gateway.providers.openai.apiKey needs the environment variable GATEWAY_TEST_MISSING, ' +
        'which is not set. Set it, or take this setting out of the file.',
    ],
    [
      'a placeholder without a name',
      gateway(`providers: { openai: { apiKey: '\${}' } }`),
      'gateway.json5:2: gateway.providers.openai.apiKey has a `$` and `{` that no name of an environment variable and ' +
        '`}` follow. Write `$$` before the `{` for the two characters themselves.',
    ],
    [
      'text that is not JSON5',
      '{ gateway: {\n port 80 } }',
      'gateway.json5:2: The file is not JSON5: something else was expected at column 7. ' +
        'Look for a missing comma, quotation mark or brace, there or just before.',
    ],
    [
      'text that ends too early',
      '{ gateway: {',
      'gateway.json5:1: The file is not JSON5: it ends too early at column 13. ' +
        'Look for a missing comma, quotation mark or brace, there or just before.',
    ],
  ];
  for (const [name, text, want] of cases) {
    it(name, () => assert.equal(refusal(text), want));
  }

  it('when an alias stands for nothing, or in the way of something', () => {
    const aliases = (text: string) => refusal(gateway(`models: { aliases: { ${text} } }`));
    assert.match(
      aliases("fast: 'gpt-4o-mni'"),
      /aliases\.fast is neither a route nor a model.*Did you mean `gpt-4o-mini`/,
    );
    assert.match(aliases("'gpt-4o': 'gpt-4o-mini'"), /is a route or a model already/);
  });

  it('when a variable that it needs is empty', () => {
    const text = gateway(`providers: { openai: { apiKey: '\${EMPTY}' } }`);
    assert.match(refusal(text, { EMPTY: '' }), /apiKey needs the environment variable EMPTY, which is not set\./);
  });

  it('with all its problems at once', () => {
    const message = refusal(gateway("prot: 1,\nlimits: { requestsPerMinute: 'many' },\nlog: { level: 'loud' }"));
    assert.deepEqual(message.split('\n'), [
      'gateway.json5:2: gateway.prot is not a setting. Did you mean `port`?',
      'gateway.json5:3: gateway.limits.requestsPerMinute must be a whole number.',
      'gateway.json5:4: gateway.log.level must be one of debug, info, warn, error, silent.',
    ]);
  });

  it('when it is nested as deep as a stack', () => {
    assert.match(refusal(`{ gateway: ${'['.repeat(5000)}${']'.repeat(5000)} }`), /is nested too deeply/);
  });

  it('when it is no text', () => {
    assert.match(refusal(undefined, { GATEWAY_CONFIG: process.execPath }), /: The file is larger than 1 MiB\.$/);
    assert.equal(refusal(Buffer.from([0x7b, 0xff, 0x7d])), 'gateway.json5: The file is not UTF-8 text.');
  });
});

describe('an environment that does not hold is refused', () => {
  const port = 'GATEWAY_PORT must be a port number from 0 to 65535. 0 takes any free port.';
  const key = (length: number) =>
    'GATEWAY_ADMIN_KEY must be 24 to 256 printable ASCII characters and neither begin nor end with a space; ' +
    `it has ${length} characters. Make one with \`openssl rand -base64 32\`.`;
  const cases: [variable: string, value: string, want: string][] = [
    ['GATEWAY_PORT', 'http', port],
    ['GATEWAY_PORT', '65536', port],
    ['GATEWAY_PORT', '-1', port],
    ['GATEWAY_PORT', '80.5', port],
    ['GATEWAY_PORT', '0x50', port],
    [
      'GATEWAY_HOST',
      'http://localhost',
      'GATEWAY_HOST must be a host name or an IP address. ' +
        'Scheme and port do not belong to it; the port is GATEWAY_PORT.',
    ],
    ['GATEWAY_ADMIN_KEY', 'x'.repeat(23), key(23)],
    ['GATEWAY_ADMIN_KEY', 'x'.repeat(257), key(257)],
    ['GATEWAY_ADMIN_KEY', `${'x'.repeat(24)}\n`, key(25)],
    ['GATEWAY_ADMIN_KEY', `${'x'.repeat(12)}\u007f${'x'.repeat(12)}`, key(25)],
    ['GATEWAY_ADMIN_KEY', '密'.repeat(30), key(30)],
    [
      'OPENAI_API_KEY',
      'sk-canary\n',
      'OPENAI_API_KEY must be printable ASCII characters without spaces. ' +
        'Look for a line break or a quotation mark that was copied along.',
    ],
    [
      'ANTHROPIC_BASE_URL',
      'api.anthropic.com',
      'ANTHROPIC_BASE_URL must be an address that begins with http:// or https://.',
    ],
    [
      'GATEWAY_LOG_LEVEL',
      'inf',
      'GATEWAY_LOG_LEVEL must be one of debug, info, warn, error, silent. Did you mean `info`?',
    ],
    [
      'GATEWAY_CONFIG',
      '/nowhere/gateway.json5',
      '/nowhere/gateway.json5: There is no such file. GATEWAY_CONFIG names it.',
    ],
    ['GATEWAY_CONFIG', '/', '/: The file cannot be read: it is a folder.'],
  ];
  for (const [variable, value, want] of cases) {
    it(`${variable}=${JSON.stringify(value.slice(0, 30))}`, () => {
      assert.equal(refusal(undefined, { [variable]: value }), want);
    });
  }
});
