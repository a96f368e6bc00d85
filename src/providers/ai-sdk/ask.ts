import type {
  LanguageModelV2StreamPart,
  LanguageModelV3StreamPart,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { ProviderError } from '../../core/errors.ts';
import type { ImagePart } from '../../core/message.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import { toolImages } from '../wire/tool-images.ts';
import { readsUrl } from './reads-url.ts';
import { toCallOptions } from './to-call-options.ts';
import { toFile, toTaggedFile } from './to-file.ts';
import type { LanguageModel } from './vendor.ts';

export type StreamPart = LanguageModelV2StreamPart | LanguageModelV3StreamPart | LanguageModelV4StreamPart;
type OwnOptions = Pick<LanguageModelV4CallOptions, 'providerOptions'>;
export type Result = Awaited<ReturnType<LanguageModel['doGenerate']>>;

/** The versions of the interface want the same options, but for a file's. */
export async function ask(model: LanguageModel, call: ProviderCall, abortSignal: AbortSignal): Promise<Result> {
  refuseUnsaid(model, call);
  await refuseUnreadable(model, call);
  return model.specificationVersion === 'v4'
    ? model.doGenerate({ ...toCallOptions(call, toTaggedFile), ...ownOptions(model, call), abortSignal })
    : model.doGenerate({ ...toCallOptions(call, toFile), abortSignal });
}

export async function askForStream(
  model: LanguageModel,
  call: ProviderCall,
  abortSignal: AbortSignal,
): Promise<{ stream: ReadableStream<StreamPart> }> {
  refuseUnsaid(model, call);
  await refuseUnreadable(model, call);
  return model.specificationVersion === 'v4'
    ? model.doStream({ ...toCallOptions(call, toTaggedFile), ...ownOptions(model, call), abortSignal })
    : model.doStream({ ...toCallOptions(call, toFile), abortSignal });
}

/**
 * Of OpenAI's responses the package warns only where a model lacks the package's own option for the same thing. It asks
 * for a summary of the thoughts too, which nobody would be told.
 */
function ownOptions({ provider }: LanguageModel, { reasoningEffort, verbosity, cache }: ProviderCall): OwnOptions {
  // Anthropic's own servers know this mark; Vertex has them under another name.
  if (provider.startsWith('anthropic.'))
    return cache ? { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ttl: cache } } } } : {};
  const openai = {
    ...(reasoningEffort !== undefined && provider.endsWith('.responses')
      ? { reasoningEffort, reasoningSummary: null }
      : {}),
    ...(verbosity === undefined ? {} : { textVerbosity: verbosity }),
  };
  return Object.keys(openai).length === 0 ? {} : { providerOptions: { openai } };
}

/** The interface has no word for it, and the package of OpenAI, which Azure's is made of, has an option of its own. */
function hasVerbosity(model: LanguageModel): boolean {
  return model.specificationVersion === 'v4' && isOfOpenAi(model);
}

function isOfOpenAi({ provider }: LanguageModel): boolean {
  return /^(openai|azure)\.(chat|responses)$/.test(provider);
}

/** What the user shows, and what tools do. */
function imagesIn({ messages }: ProviderCall): ImagePart[] {
  const said = messages.filter(({ role }) => role === 'user').flatMap(({ parts }) => parts);
  return [...toolImages(said), ...said].filter((part) => part.type === 'image');
}

/** What a package would leave out without even a warning. */
function refuseUnsaid(model: LanguageModel, call: ProviderCall): void {
  const { tools = [], responseFormat, reasoningEffort, verbosity } = call;
  if (imagesIn(call).some(({ detail }) => detail === 'low') && !isOfOpenAi(model))
    throw new ProviderError('unsupported_parameter', 'only the packages of OpenAI and Azure can look less closely', {
      parameter: 'detail',
    });
  if (model.specificationVersion !== 'v4' && reasoningEffort !== undefined)
    throw new ProviderError('unsupported_parameter', 'only version v4 of the interface has an effort', {
      parameter: 'reasoningEffort',
    });
  if (verbosity !== undefined && !hasVerbosity(model))
    throw new ProviderError('unsupported_parameter', 'only the packages of OpenAI and Azure can ask for more or less', {
      parameter: 'verbosity',
    });
  if (model.specificationVersion === 'v2' && tools.some(({ strict }) => strict))
    throw new ProviderError('unsupported_parameter', 'version v2 of the interface has no strict tools', {
      parameter: 'tools',
    });
  // It tells only Claude to think not at all.
  if (model.provider === 'amazon-bedrock' && reasoningEffort === 'none' && !model.modelId.includes('anthropic'))
    throw new ProviderError('unsupported_parameter', 'Bedrock cannot keep this model from thinking', {
      parameter: 'reasoningEffort',
    });
  // It makes the schema a tool, and of no schema nothing.
  if (model.provider === 'amazon-bedrock' && responseFormat?.type === 'json')
    throw new ProviderError('unsupported_parameter', 'Bedrock has no JSON without a schema', {
      parameter: 'responseFormat',
    });
}

/**
 * The SDK would fetch a picture that the vendor does not fetch by itself. We fetch no address that a client names: what
 * stands there may be the operator's own network.
 */
async function refuseUnreadable(model: LanguageModel, call: ProviderCall): Promise<void> {
  const urls = imagesIn(call).flatMap(({ url }) => url ?? []);
  if (urls.length === 0) return;
  const supported = await model.supportedUrls;
  if (urls.every((url) => readsUrl(supported, url))) return;
  throw new ProviderError('unsupported_parameter', 'the model fetches no images from such an address', {
    parameter: 'input',
  });
}
