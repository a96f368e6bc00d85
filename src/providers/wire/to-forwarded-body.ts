import type { ForwardCall } from '../../core/ports/provider.ts';
import type { Forwarding } from './dialect.ts';
import { membersOf, skipSpace } from './json-members.ts';
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

/**
 * Whether the bytes name the provider's own model already, and in no second place or spelling another one: then they can
 * go as they are, and most do. Letters can be spelled otherwise only by their numbers, as `\u006d`.
 */
function isMeantFor({ body, model }: ForwardCall): boolean {
  const at = body.indexOf(memberName);
  if (at === -1 || at !== body.lastIndexOf(memberName) || body.includes('\\u')) return false;
  const value = JSON.stringify(model);
  const start = skipSpace(body, skipSpace(body, at + memberName.length) + 1);
  return body.toString('utf8', start, start + Buffer.byteLength(value)) === value;
}
