import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AiSdkOptions, createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts';
import { KEY, patient } from '../wires.ts';

/** What the made package does with its next call. An empty one echoes the last user message, word by word. */
export interface Deed {
  tool?: string;
  warnings?: object[];
  /** Instead of an answer. */
  throws?: unknown;
  /** These parts of a stream, or this result, exactly. */
  parts?: object[];
  result?: object;
  /** Falls silent before the stream is there, or after so many parts of it, and hears no signal. */
  silentAfter?: number | 'nothing';
  /** Before the stream is there. */
  waitsFor?: Promise<void>;
}

/** The package as a test sees it: what it is told, and what it was asked. */
export interface MadePackage {
  /** The folder that has it in its `node_modules`. */
  folder: string;
  specifier: string;
  next(deed: Deed): void;
  /** The options of each call. */
  readonly calls: Record<string, unknown>[];
  /** How many streams were cancelled. */
  readonly cancelled: number;
  remove(): void;
}

/** A package of the AI SDK that asks nobody, in a folder of its own. `settings.version` says which version it follows. */
export async function makePackage(): Promise<MadePackage> {
  const { path: folder, remove } = makeTemporaryDirectory();
  const specifier = '@made/echo';
  writePackage(folder, specifier, { 'index.js': source });
  // The same instance as the provider gets.
  const { control } = await import(pathToFileURL(join(folder, 'node_modules', specifier, 'index.js')).href);
  return {
    folder,
    specifier,
    next: (deed) => void control.deeds.push(deed),
    get calls() {
      return control.calls;
    },
    get cancelled() {
      return control.cancelled;
    },
    remove,
  };
}

/** Puts a package where Node finds it from the folder. */
export function writePackage(
  folder: string,
  specifier: string,
  files: Record<string, string>,
  manifest: object = { exports: { '.': { import: './index.js' } } },
): void {
  const root = join(folder, 'node_modules', specifier);
  const all = { 'package.json': JSON.stringify({ name: specifier, type: 'module', ...manifest }), ...files };
  for (const [name, text] of Object.entries(all)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

export function sdkOptions(changes: Partial<AiSdkOptions> & Pick<AiSdkOptions, 'package'>): AiSdkOptions {
  return {
    name: 'long-tail',
    settings: {},
    models: ['model'],
    folders: [process.cwd()],
    clock: systemClock,
    deadlines: patient,
    maxAnswerBytes: 4 * 1024 * 1024,
    log: createRecordingLog(),
    secrets: [KEY],
    ...changes,
  };
}

/** A provider of the made package. */
export function createMade(made: MadePackage, changes: Partial<AiSdkOptions> = {}) {
  return createAiSdkProvider(sdkOptions({ package: made.specifier, folders: [made.folder], ...changes }));
}

const source = `
import { setImmediate as nextTurn } from 'node:timers/promises';

export const control = { deeds: [], calls: [], cancelled: 0 };

export function createEcho({ version = 'v4', provider: named = 'made.echo', urls = { 'image/*': ['^https:'] } } = {}) {
  const make = (modelId) => ({
    specificationVersion: version,
    provider: named,
    modelId,
    supportedUrls: Object.fromEntries(Object.entries(urls).map(([type, list]) => [type, list.map((one) => new RegExp(one))])),
    async doGenerate(options) {
      const deed = begin(options);
      if (deed.silentAfter === 'nothing') await new Promise(() => {});
      if (deed.throws !== undefined) throw deed.throws;
      return deed.result ?? { content: contentOf(options, deed), ...ending(options, deed), warnings: deed.warnings ?? [] };
    },
    async doStream(options) {
      const deed = begin(options);
      if (deed.silentAfter === 'nothing') await new Promise(() => {});
      if (deed.throws !== undefined) throw deed.throws;
      await deed.waitsFor;
      const parts = deed.parts ?? partsOf(options, deed, ending(options, deed));
      let at = 0;
      return {
        stream: new ReadableStream({
          async pull(controller) {
            await nextTurn();
            if (at === deed.silentAfter) return new Promise(() => {});
            if (at < parts.length) controller.enqueue(parts[at++]);
            else controller.close();
          },
          cancel() { control.cancelled++; },
        }, { highWaterMark: 0 }),
      };
    },
  });
  const embeddingModel = (modelId) => {
    if (!modelId.startsWith('vectors')) throw Object.assign(new Error('No such model: ' + modelId), { name: 'AI_NoSuchModelError' });
    return {
      specificationVersion: version,
      provider: 'made.echo',
      modelId,
      maxEmbeddingsPerCall: 2,
      supportsParallelCalls: false,
      async doEmbed(options) {
        if (begin(options).silentAfter === 'nothing') await new Promise(() => {});
        return { embeddings: options.values.map((text) => [text.length, options.dimensions ?? 0]), usage: { tokens: options.values.length }, warnings: [] };
      },
    };
  };
  const provider = { languageModel: make, chat: make, imageModel: () => ({}) };
  return { ...provider, [version === 'v2' ? 'textEmbeddingModel' : 'embeddingModel']: embeddingModel };

  function begin(options) {
    control.calls.push(options);
    return control.deeds.shift() ?? {};
  }

  function ending(options, deed) {
    const input = JSON.stringify(options.prompt).length;
    const reason = deed.tool ? 'tool-calls' : 'stop';
    return version === 'v2'
      ? { finishReason: reason, usage: { inputTokens: input, outputTokens: 3, totalTokens: input + 3 } }
      : { finishReason: { unified: reason, raw: reason }, usage: { inputTokens: { total: input }, outputTokens: { total: 3 } } };
  }
}

const said = ({ prompt }) => prompt.at(-1).content.map((part) => part.text ?? '').join('');
const call = (tool) => ({ type: 'tool-call', toolCallId: 'call-1', toolName: tool, input: '{"at":"the sky"}' });

function contentOf(options, deed) {
  return deed.tool ? [call(deed.tool)] : [{ type: 'reasoning', text: 'hm' }, { type: 'text', text: said(options) }];
}

function partsOf(options, deed, ending) {
  const start = { type: 'stream-start', warnings: deed.warnings ?? [] };
  const finish = { type: 'finish', ...ending };
  if (deed.tool) {
    return [start, { type: 'tool-input-start', id: 'call-1', toolName: deed.tool },
      ...['{"at":', '"the sky"}'].map((delta) => ({ type: 'tool-input-delta', id: 'call-1', delta })),
      { type: 'tool-input-end', id: 'call-1' }, call(deed.tool), finish];
  }
  const words = said(options).match(/\\S+\\s*|\\s+/g) ?? [];
  return [start, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: '' },
    ...words.map((delta) => ({ type: 'text-delta', id: '0', delta })), { type: 'text-end', id: '0' }, finish];
}
`;
