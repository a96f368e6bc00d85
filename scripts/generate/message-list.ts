/** The frames and events of one document by direction, each under the `type` that its payload carries on the wire. */
import type { ApiDocument } from './bundle.ts';
import type { Message, Schema } from './documents.ts';
import { findSchema } from './resolve.ts';

export const directions = ['client', 'server', 'event'] as const;

/** `client` and `server` say who sends a WebSocket frame; `event` is one of a stream of server-sent events. */
export type Direction = (typeof directions)[number];

export interface ListedMessage {
  direction: Direction;
  type: string;
  message: Message;
  payload: Schema;
}

export function listMessages({ name, asyncapi }: ApiDocument): ListedMessage[] {
  const schemas = asyncapi?.components?.schemas ?? {};
  const list = new Map<string, ListedMessage>();
  for (const [key, message] of Object.entries(asyncapi?.components?.messages ?? {})) {
    const direction = directions.find((known) => known === message['x-direction']);
    if (!direction) throw new Error(`The message ${key} of ${name} has no x-direction of ${directions.join(', ')}.`);
    if (message.payload === undefined) throw new Error(`The message ${key} of ${name} has no payload.`);
    const type = typeOf(message.payload, schemas) ?? message.name ?? key;
    const place = `${direction} ${type}`;
    if (list.has(place)) throw new Error(`Two messages of ${name} are a ${direction}'s \`${type}\`.`);
    list.set(place, { direction, type, message, payload: message.payload });
  }
  return [...list.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

function typeOf(payload: Schema, schemas: Record<string, Schema>): string | undefined {
  if (typeof payload === 'boolean') return undefined;
  if (payload.$ref) return typeOf(findSchema(payload.$ref, schemas), schemas);
  const type = payload.properties?.type;
  if (typeof type === 'object' && typeof type.const === 'string') return type.const;
  for (const part of payload.allOf ?? []) {
    const found = typeOf(part, schemas);
    if (found !== undefined) return found;
  }
  return undefined;
}
