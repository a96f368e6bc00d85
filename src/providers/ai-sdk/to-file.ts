import type { SharedV4FileData } from '@ai-sdk/provider';
import { ProviderError } from '../../core/errors.ts';
import type { ImagePart } from '../../core/message.ts';

interface File<Data> {
  type: 'file';
  data: Data;
  mediaType: string;
  providerOptions?: Record<string, { imageDetail: 'low' | 'high' }>;
}

/** An image → the interface's file, up to version v3. */
export function toFile(image: ImagePart): File<URL | string> {
  const { url, data, mediaType } = contentOf(image);
  return { type: 'file', data: url ?? data, mediaType, ...detailOptions(image) };
}

/** The same since v4. */
export function toTaggedFile(image: ImagePart): File<SharedV4FileData> {
  const { url, data, mediaType } = contentOf(image);
  return {
    type: 'file',
    data: url ? { type: 'url', url } : { type: 'data', data },
    mediaType,
    ...detailOptions(image),
  };
}

/** The interface has no word for it, and the packages of OpenAI and Azure have an option of their own. */
function detailOptions({ detail }: ImagePart): Pick<File<never>, 'providerOptions'> {
  if (detail === undefined) return {};
  return { providerOptions: { openai: { imageDetail: detail }, azure: { imageDetail: detail } } };
}

/** Google wants to know before it fetches; the others find out by themselves. */
function typeByName({ pathname }: URL): string {
  const ending = /\.(\w+)$/.exec(pathname)?.[1]?.toLowerCase() ?? '';
  return types.get(ending) ?? 'image/*';
}

const types: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);

function contentOf({ url, data, mediaType }: ImagePart): { url?: URL; data: string; mediaType: string } {
  if (url !== undefined) {
    const parsed = URL.parse(url);
    if (!parsed) throw new ProviderError('invalid_request', "an image's URL is none");
    return { url: parsed, data: '', mediaType: mediaType ?? typeByName(parsed) };
  }
  if (data === undefined || mediaType === undefined)
    throw new ProviderError('invalid_request', 'an image needs a URL, or data with its media type');
  return { data, mediaType };
}
