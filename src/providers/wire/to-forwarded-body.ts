import type { ForwardCall } from '../../core/ports/provider.ts';
import type { Forwarding } from './dialect.ts';
import { membersOf } from './json-members.ts';
import { spliceBytes } from './splice-bytes.ts';

/**
 * A client's body → the provider's: the same bytes with another model. A name that stands there twice is replaced twice,
 * because which of the two counts is the provider's to decide.
 */
export function toForwardedBody(call: ForwardCall, forwarding: Forwarding): Buffer {
  const members = membersOf(call.body);
  const text = JSON.stringify(call.model);
  const splices = forwarding.splices(call, members);
  for (const { name, start, end } of members) if (name === 'model') splices.push({ start, end, text });
  return spliceBytes(call.body, splices);
}
