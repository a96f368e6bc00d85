import type { ForwardCall } from '../../core/ports/provider.ts';
import { type Member, membersOf } from '../wire/json-members.ts';
import type { Splice } from '../wire/splice-bytes.ts';

const OPEN = 0x7b;

/** What a streamed request has to say besides so that usage comes with the stream: somebody pays for it. */
export function askForUsage({ body, stream, wantsUsage }: ForwardCall, members: readonly Member[]): Splice[] {
  if (!stream || wantsUsage) return [];
  const options = members.filter(({ name }) => name === 'stream_options');
  const start = body.indexOf(OPEN) + 1;
  // `model` stands in every request, so that a member comes behind this one.
  if (options.length === 0) return [{ start, end: start, text: '"stream_options":{"include_usage":true},' }];
  return options.flatMap((member) => inside(body, member));
}

function inside(body: Buffer, { start, end }: Member): Splice[] {
  if (body[start] !== OPEN) return [{ start, end, text: '{"include_usage":true}' }];
  const members = membersOf(body, start);
  const asked = members.filter(({ name }) => name === 'include_usage');
  if (asked.length > 0) return asked.map((member) => ({ start: member.start, end: member.end, text: 'true' }));
  const text = members.length === 0 ? '"include_usage":true' : '"include_usage":true,';
  return [{ start: start + 1, end: start + 1, text }];
}
