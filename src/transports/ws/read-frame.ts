import type { RawData } from 'ws';
import { GatewayError } from '../../core/errors.ts';
import { isTooDeep } from '../../core/json-depth.ts';

/** A frame as it came, as far as it could be read: `error` says what was in the way. */
export type Received =
  | { [Type in FrameType]: { type: Type; frame: Frame; id: string | undefined; bytes: number } }[FrameType]
  | { type: 'invalid'; error: GatewayError; id: string | undefined };

export type Frame = Readonly<Record<string, unknown>>;

const types = ['auth', 'message', 'ping', 'subscribe'] as const;

export type FrameType = (typeof types)[number];

export function readFrame(data: RawData, isBinary: boolean): Received {
  if (isBinary || !Buffer.isBuffer(data)) return invalid('', 'must be text, not bytes');
  const text = data.toString();
  if (isTooDeep(text)) return invalid('', 'is nested too deeply');
  const frame = parse(text);
  if (!isObject(frame)) return invalid('', 'must be a JSON object');
  const id = idOf(frame);
  const type = types.find((known) => known === frame.type);
  if (type === undefined) return invalid('/type', `must be one of ${types.join(', ')}`, id);
  return { type, frame, id, bytes: data.length };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The client's own name for the frame, when it is one that may go into an answer. */
function idOf({ id }: Frame): string | undefined {
  if (typeof id !== 'string' || id === '' || id.length > 256) return undefined;
  return [...id].length <= 128 ? id : undefined;
}

function invalid(pointer: string, message: string, id?: string): Received {
  const words = `The frame does not fit the contract: ${pointer === '' ? 'it' : pointer} ${message}.`;
  return { type: 'invalid', error: new GatewayError('INVALID_REQUEST', words, { faults: [{ pointer, message }] }), id };
}
