import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadConfig, redactConfig, secretsOf } from '../../src/config/index.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { load, refusal } from './load.ts';

const provider = (members: string) => `{ gateway: { providers: {\n gemini: { type: 'ai-sdk', ${members} } } } }`;
/** One that nobody has installed here. */
const whole = "package: '@ai-sdk/mistral', models: ['mistral-large']";

describe('a provider from a package', () => {
  it('is one line', () => {
    const config = load(provider(`${whole}, settings: { apiKey: '\${GOOGLE}', deep: [{ at: '\${GOOGLE}!' }] }`), {
      GOOGLE: 'key-of-google',
    });
    const [gemini] = config.providers;
    assert.ok(gemini?.type === 'ai-sdk');
    const { folders, ...rest } = gemini;
    assert.deepEqual(rest, {
      type: 'ai-sdk',
      name: 'gemini',
      configured: false,
      models: ['mistral-large'],
      package: '@ai-sdk/mistral',
      settings: { apiKey: 'key-of-google', deep: [{ at: 'key-of-google!' }] },
      deadlines: { connectMs: 5000, firstChunkMs: 120_000, idleMs: 60_000, totalMs: 600_000 },
    });
    assert.deepEqual(folders, [config.home, process.cwd()]);
    assert.ok(Object.isFrozen(gemini.settings.deep));
  });

  it('may say which function, and how long to wait', () => {
    const [gemini] = load(
      provider(`${whole}, export: 'createVertex', api: 'chat', deadlines: { firstChunk: 5 }`),
    ).providers;
    assert.ok(gemini?.type === 'ai-sdk');
    assert.deepEqual([gemini.export, gemini.api, gemini.deadlines.firstChunkMs], ['createVertex', 'chat', 5]);
  });

  describe('is configured when its package is installed', () => {
    let folder: { path: string; remove(): void };
    beforeEach(() => {
      folder = makeTemporaryDirectory();
    });
    afterEach(() => folder.remove());

    function isConfigured(name: string, home: string, cwd: string): boolean | undefined {
      mkdirSync(home, { recursive: true });
      writeFileSync(join(home, 'gateway.json5'), provider(`package: '${name}', models: ['m']`));
      return loadConfig({ GATEWAY_HOME: home }, { cwd }).providers[0]?.configured;
    }

    const install = (name: string) => {
      const at = join(folder.path, 'node_modules', name);
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, 'package.json'), '{}');
    };

    it('in the data folder, or above it', () => {
      assert.equal(isConfigured('@made/up', folder.path, '/'), false);
      install('@made/up');
      assert.equal(isConfigured('@made/up', folder.path, '/'), true);
      assert.equal(isConfigured('@made/up/part', `${folder.path}/a/b`, '/'), true);
      assert.equal(isConfigured('made-up/part', folder.path, '/'), false);
    });

    it('where the gateway was started', () => {
      install('made-up');
      const home = makeTemporaryDirectory();
      assert.equal(isConfigured('made-up/part', home.path, folder.path), true);
      home.remove();
    });

    it('beside the gateway', () => assert.equal(isConfigured('@ai-sdk/openai', folder.path, '/'), true));
  });

  it('is the default model only when it is installed', () => {
    assert.equal(load(provider(whole)).models.default, 'echo');
    assert.equal(load(provider("package: '@ai-sdk/openai', models: ['gpt-x']")).models.default, 'gpt-x');
  });

  const refused: [name: string, members: string, want: string][] = [
    [
      'without a package',
      "models: ['m']",
      'package is missing. Name the npm package that speaks to this vendor, such as `@ai-sdk/google`.',
    ],
    [
      'without models',
      "package: '@ai-sdk/google'",
      'models is missing. List the models that this provider serves, as it names them.',
    ],
    [
      'with a key that is not a setting of the package',
      `${whole}, apiKey: 'x'`,
      'apiKey means nothing to type ai-sdk. The package takes its key in `settings`, mostly as `apiKey`.',
    ],
    [
      'with an address likewise',
      `${whole}, baseUrl: 'https://a.example'`,
      'baseUrl means nothing to type ai-sdk. The package takes its address in `settings`, mostly as `baseURL`.',
    ],
    [
      'with a wait that it cannot keep',
      `${whole}, deadlines: { connect: 5 }`,
      'deadlines.connect means nothing to type ai-sdk, whose package connects by itself. ' +
        'Take it out: connecting is part of `firstChunk`.',
    ],
    [
      'with an address that has a password',
      `${whole}, settings: { baseURL: 'https://me:hidden@a.example' }`,
      'settings.baseURL must not contain a user or a password. ' +
        'Secrets have settings of their own, which are kept out of logs.',
    ],
    ...['../google', '/tmp/google', 'file:google', '@Ai/google', 'a/../b', 'a b', ''].map(
      (name): [string, string, string] => [
        `of a package ${name}`,
        `package: '${name}', models: ['m']`,
        'package must be the name of an npm package, such as `@ai-sdk/google`. Only for type `ai-sdk`: the npm package, ' +
          'such as `@ai-sdk/google`. Install it yourself, in the data folder or where the gateway is started; one that ' +
          'is not there leaves the provider `unconfigured`.',
      ],
    ),
  ];
  for (const [name, members, want] of refused)
    it(`is refused ${name}`, () =>
      assert.equal(refusal(provider(members)), `gateway.json5:2: gateway.providers.gemini.${want}`));

  it('is the only one with a package', () => {
    const other = "{ gateway: { providers: { mine: { type: 'openai', models: ['m'], package: 'x', api: 'y' } } } }";
    assert.equal(
      refusal(other),
      ['package', 'api']
        .map(
          (member) =>
            `gateway.json5:1: gateway.providers.mine.${member} means nothing to type openai. ` +
            'It belongs to a provider of type ai-sdk.',
        )
        .join('\n'),
    );
  });

  it('keeps its settings to itself', () => {
    const config = load(
      provider(
        `${whole}, settings: { apiKey: 'canary-key', region: 'eu-north-1', credentials: { secret: ['canary-deep', 7] } }`,
      ),
    );
    assert.deepEqual(secretsOf(config), ['canary-key', 'canary-deep']);
    const shown = inspect(redactConfig(config), { depth: null });
    assert.doesNotMatch(shown, /canary/);
    assert.match(shown, /settings: \{\s*apiKey: '\[secret\]',\s*region: 'eu-north-1',\s*credentials: '\[secret\]'/);
  });

  const settings: [vendor: string, settings: object, shown: object][] = [
    [
      '@ai-sdk/amazon-bedrock',
      { region: 'eu-north-1', accessKeyId: 'canary-1', secretAccessKey: 'canary-2', sessionToken: 'canary-3' },
      { region: 'eu-north-1', accessKeyId: '[secret]', secretAccessKey: '[secret]', sessionToken: '[secret]' },
    ],
    [
      '@ai-sdk/azure',
      { resourceName: 'ours', apiKey: 'canary-1', useDeploymentBasedUrls: true, apiVersion: '2024-10-21' },
      { resourceName: 'ours', apiKey: '[secret]', useDeploymentBasedUrls: true, apiVersion: '2024-10-21' },
    ],
    [
      '@ai-sdk/google-vertex',
      { project: 'ours', location: 'eu', googleAuthOptions: { credentials: { private_key: 'canary-1\ncanary-2' } } },
      { project: 'ours', location: 'eu', googleAuthOptions: '[secret]' },
    ],
  ];
  for (const [vendor, given, shown] of settings)
    it(`keeps to itself what opens ${vendor}, and shows what does not`, () => {
      const config = load(provider(`package: '${vendor}', models: ['m'], settings: ${JSON.stringify(given)}`));
      const canaries = JSON.stringify(given).match(/"canary[^"]*"/g) ?? [];
      assert.deepEqual(
        secretsOf(config),
        canaries.map((text) => JSON.parse(text)),
      );
      const [redacted] = Object.values(Object(redactConfig(config).providers));
      assert.deepEqual(Object(redacted).settings, shown);
    });
});
