import type { Break } from './break.ts';
import { type Components, type ContractDocument, type Message, resolveSchema } from './contract-document.ts';
import { findMisfits } from './find-misfits.ts';

/** Frames and events of two AsyncAPI documents, each by who sends it and its type. */
export function compareMessages(old: ContractDocument, revised: ContractDocument): Break[] {
  const [from, to] = [old.components ?? {}, revised.components ?? {}];
  const now = listMessages(to);
  return [...listMessages(from)].flatMap(([place, message]): Break[] => {
    const about = { ...affected(message, from), place };
    const after = now.get(place);
    if (!after) return [{ ...about, pointer: '', message: 'is gone' }];
    const misfits =
      about.side === 'request'
        ? findMisfits({ side: 'request', given: from, taken: to }, message.payload, after.payload, '')
        : findMisfits({ side: 'answer', given: to, taken: from }, after.payload, message.payload, '');
    return misfits.map((misfit) => ({ ...about, ...misfit }));
  });
}

/** Each by who sends it and its type, which is what tells messages apart on the wire. */
function listMessages(components: Components): Map<string, Message> {
  const all = Object.values(components.messages ?? {});
  return new Map(all.map((message) => [`${kindOf(message)} ${typeOf(message, components)}`, message]));
}

function kindOf(message: Message): string {
  switch (message['x-direction']) {
    case 'client':
      return 'frame to the gateway';
    case 'event':
      return 'event';
    default:
      return 'frame';
  }
}

/** Events are the answer to a chat; what the gateway sends over a socket is felt by whoever opens one. */
function affected(message: Message, components: Components): Pick<Break, 'operation' | 'side'> {
  switch (message['x-direction']) {
    case 'client':
      return { operation: typeOf(message, components), side: 'request' };
    case 'event':
      return { operation: 'createChat', side: 'answer' };
    default:
      return { operation: 'auth', side: 'answer' };
  }
}

function typeOf({ payload }: Message, components: Components): string {
  const { properties = {} } = resolveSchema(payload, components);
  return String(resolveSchema(properties.type, components).const ?? '');
}
