import assert from 'node:assert/strict';
import { createAiSdkProvider, loadVendor } from '../../../src/providers/ai-sdk/index.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts';
import { callOf, gather, KEY } from '../wires.ts';
import { sdkOptions, writePackage } from './made-package.ts';

const never = new AbortController().signal;

const model = (version: string) => `(modelId) => ({ specificationVersion: '${version}', modelId, supportedUrls: {},
  doGenerate: async () => ({}), doStream: async () => ({}) })`;
const vendor = (version = 'v4') => `() => ({ languageModel: ${model(version)} })`;

describe('a package of the AI SDK', () => {
  let folder: { path: string; remove(): void };
  let other: { path: string; remove(): void };
  beforeEach(() => {
    folder = makeTemporaryDirectory();
    other = makeTemporaryDirectory();
  });
  afterEach(() => {
    folder.remove();
    other.remove();
  });

  const options = (changes: object = {}) =>
    sdkOptions({ package: '@some/vendor', folders: [folder.path, other.path], ...changes });
  const write = (text: string, where = folder.path) => writePackage(where, '@some/vendor', { 'index.js': text });
  const version = async (changes: object = {}) => (await loadVendor(options(changes)))?.specification;

  for (const known of ['v2', 'v3', 'v4'])
    it(`is taken when it follows ${known}`, async () => {
      write(`export const createVendor = ${vendor(known)};`);
      assert.equal(await version(), known);
    });

  it('is looked for in one folder after the other', async () => {
    write(`export const createVendor = ${vendor('v3')};`, other.path);
    assert.equal(await version(), 'v3');
    write(`export const createVendor = ${vendor('v4')};`);
    assert.equal(await version(), 'v4');
  });

  it('is found in a folder above, as Node would', async () => {
    write(`export const createVendor = ${vendor()};`);
    assert.equal(await version({ folders: [`${folder.path}/not/there`] }), 'v4');
  });

  it('may be a part of a package, and CommonJS', async () => {
    writePackage(
      folder.path,
      'plain-vendor',
      { 'index.cjs': 'module.exports = {};', 'part.cjs': `exports.createPart = ${vendor('v2')};` },
      { exports: { '.': './index.cjs', './part': './part.cjs' }, type: 'commonjs' },
    );
    assert.equal(await version({ package: 'plain-vendor/part' }), 'v2');
  });

  it('may have one factory under two names, and others that the settings choose among', async () => {
    write(`export const createVendor = ${vendor('v4')}; export const createOldName = createVendor;
      export const vendor = {}; export function created() {}`);
    assert.equal(await version(), 'v4');
    write(`export const createOne = ${vendor('v3')}; export const createTwo = ${vendor('v4')};`, other.path);
    assert.equal(await version({ folders: [other.path], export: 'createOne' }), 'v3');
  });

  it('may have several kinds of models', async () => {
    write(`export const createVendor = () => ({ languageModel: ${model('v1')}, chat: ${model('v4')} });`);
    assert.equal(await version({ api: 'chat' }), 'v4');
  });

  it('may be a function that makes models, and nothing else', async () => {
    write(`export const createVendor = () => ${model('v2')};`);
    assert.equal(await version(), 'v2');
  });

  it('may have embeddings alone', async () => {
    write(`const none = (id) => { throw new Error('No such languageModel: ' + id); };
      export const createVendor = () => ({ languageModel: none, embeddingModel: (modelId) => ({
        specificationVersion: 'v3', modelId, maxEmbeddingsPerCall: 9, doEmbed: async () => ({}) }) });`);
    const found = await loadVendor(options());
    assert.equal(found?.specification, 'v3');
    assert.ok(found?.embeddingModel);
  });

  it('gets settings of its own, which it may change', async () => {
    write(`export const createVendor = (settings) => { settings.deep.seen = true; return (${vendor()})(); };`);
    const settings = Object.freeze({ deep: Object.freeze({}) });
    assert.equal(await version({ settings }), 'v4');
    assert.deepEqual(settings, { deep: {} });
  });

  const refused: [title: string, text: string, changes: object, says: RegExp][] = [
    [
      'it follows a version that nobody knows',
      `export const createVendor = ${vendor('v1')};`,
      {},
      /\.package: .* follows version v1 .* follows v2, v3 or v4\.$/,
    ],
    ['it exports no factory', 'export const x = 1;', {}, /\.package: .* exports no function `create…`\.$/],
    [
      'it has several factories',
      `export const createA = ${vendor()}; export const createB = ${vendor()};`,
      {},
      /\.export: .* several factories\. Name one of these here: createA, createB\.$/,
    ],
    [
      'it has not the factory that is named',
      `export const createA = ${vendor()};`,
      { export: 'createB' },
      /\.export: .* exports no function createB\. Name one of these here: createA\.$/,
    ],
    [
      'it has not the function that is named',
      `export const createA = ${vendor()};`,
      { api: 'chat' },
      /\.api: .* no function `chat` that makes a model\.$/,
    ],
    [
      'its factory makes no provider',
      'export const createA = () => 7;',
      {},
      /\.package: .* makes no models that follow the SDK's interface\.$/,
    ],
    [
      'its models are none',
      'export const createA = () => ({ languageModel: () => ({}) });',
      {},
      /\.package: .* makes no models/,
    ],
    [
      'it does not know the model',
      "export const createA = () => ({ languageModel: () => { throw new Error('No such model'); } });",
      {},
      /\.models: .* has no model model: No such model$/,
    ],
    [
      'it refuses the settings',
      `export const createA = () => { throw new Error('region is missing, not ${KEY}'); };`,
      {},
      /\.settings: .* refuses them: region is missing, not \[key\]$/,
    ],
    ['it cannot be loaded', 'export const = 1;', {}, /\.package: .* cannot be loaded: /],
    [
      'it misses something itself',
      "import 'not-there-at-all';",
      {},
      /\.package: .* cannot be loaded: Cannot find package 'not-there-at-all'/,
    ],
    [
      'it does not export the part',
      `export const createA = ${vendor()};`,
      { package: '@some/vendor/part' },
      /\.package: .* cannot be loaded: .*'\.\/part' is not defined/,
    ],
  ];
  for (const [title, text, changes, says] of refused)
    it(`stops the start when ${title}`, async () => {
      write(text);
      await assert.rejects(createAiSdkProvider({ ...options(), ...changes }), (error) => {
        assert.ok(error instanceof Error && error.name === 'UnusablePackage', String(error));
        assert.match(error.message, /^gateway\.providers\.long-tail\./);
        assert.match(error.message, says);
        return true;
      });
    });

  it('that is not installed leaves its provider unconfigured, and says what to install', async () => {
    const log = createRecordingLog();
    const provider = await createAiSdkProvider({ ...options({ package: '@not/there/part' }), log });
    assert.deepEqual([provider.name, provider.models, provider.configured], ['long-tail', ['model'], false]);
    assert.deepEqual(log.lines, [
      {
        level: 'warn',
        fields: {
          provider: 'long-tail',
          package: '@not/there/part',
          install: `npm install --prefix ${folder.path} @not/there`,
        },
        message: "a provider's package is not installed",
      },
    ]);
    const { error } = await gather(provider.call(callOf('hello'), never));
    assert.match(String(error), /@not\/there\/part is not installed/);
    await assert.rejects(provider.probe(never), /not installed/);
    await provider.close();
  });
});
