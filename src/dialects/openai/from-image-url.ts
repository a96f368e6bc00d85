import type { ImagePart, MediaType } from '../../core/message.ts';
import { invalid, unsupported } from '../refuse.ts';

/** Where an image is, or a `data:` URL that holds it. `pointer` is where it stands in the request. */
export function fromImageUrl(url: string, pointer: string): ImagePart {
  if (/^https?:\/\//i.test(url)) return { type: 'image', url };
  const comma = url.indexOf(',');
  const head = /^data:([a-z0-9.+/-]+);base64$/i.exec(url.slice(0, Math.min(Math.max(comma, 0), 200)));
  if (!head) throw invalid(pointer, 'must begin with https://, or be data:<media type>;base64,<data>');
  const mediaType = mediaTypes[(head[1] ?? '').toLowerCase()];
  if (!mediaType) throw unsupported(pointer);
  const data = url.slice(comma + 1);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw invalid(pointer, 'must hold base64');
  return { type: 'image', data, mediaType };
}

const mediaTypes: Readonly<Record<string, MediaType>> = {
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  // No media type of that name is registered, and many programs write it.
  'image/jpg': 'image/jpeg',
  'image/gif': 'image/gif',
  'image/webp': 'image/webp',
};

/** How closely an image is looked at. As it is, without being made smaller, is as closely as there is. */
export function detailOf(detail: string | null | undefined, pointer: string): Pick<ImagePart, 'detail'> {
  switch (detail) {
    case undefined:
    case null:
    case 'auto':
      return {};
    case 'low':
      return { detail: 'low' };
    case 'high':
    case 'original':
      return { detail: 'high' };
    default:
      throw unsupported(pointer);
  }
}
