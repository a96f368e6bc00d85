import type { ForwardCall } from '../../core/ports/provider.ts';
import type { Forwarding } from './dialect.ts';
import { membersOf } from './json-members.ts';
import { spliceBytes } from './splice-bytes.ts';

/**
 * A client's body → the provider's: the same bytes with another model. A name that stands there twice is replaced twice,
 * because which of the two counts is the provider's to decide.
 */
export function toForwardedBody(call: ForwardCall, forwarding: Forwarding): Buffer {
  if (!call.stream && isMeantFor(call)) return call.body;
  const members = membersOf(call.body);
  const text = JSON.stringify(call.model);
  const splices = forwarding.splices(call, members);
  for (const { name, start, end } of members) if (name === 'model') splices.push({ start, end, text });
  return spliceBytes(call.body, splices);
}

const memberName = '"model"';
const member = /[ \n\r\t]*:[ \n\r\t]*/y;

/**
 * Whether the bytes name the provider's own model already, and in no second place or spelling another one: then they can
 * go as they are, and most do. Letters can be spelled otherwise only by their numbers, as `\u006d`.
 */
function isMeantFor({ body, model }: ForwardCall): boolean {
  // A character for each byte: a text is searched faster than bytes are.
  const text = body.toString('latin1');
  const at = text.indexOf(memberName);
  if (at === -1) return false;
  member.lastIndex = at + memberName.length;
  // Searched from the front: from behind it costs three times as much.
  if (text.includes(memberName, member.lastIndex) || text.includes('\\u')) return false;
  return member.test(text) && text.startsWith(JSON.stringify(model), member.lastIndex);
}
