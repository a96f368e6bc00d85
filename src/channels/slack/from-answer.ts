import type { SendFault } from '../../core/ports/channel.ts';
import { type Fault, fromStatus } from '../wire/from-answer.ts';
import type { HttpAnswer } from '../wire/http-client.ts';
import { type JsonObject, parseObject, textIn } from '../wire/json-shape.ts';

/** Most of Slack's errors are about the one call and stay as they are: `refused`. These are the others. */
const kinds: Readonly<Record<string, SendFault>> = {
  ratelimited: 'rate_limited',
  rate_limited: 'rate_limited',
  message_limit_exceeded: 'rate_limited',
  internal_error: 'unavailable',
  fatal_error: 'unavailable',
  request_timeout: 'unavailable',
  service_unavailable: 'unavailable',
  team_added_to_org: 'unavailable',
  invalid_blocks: 'formatting_refused',
  invalid_blocks_format: 'formatting_refused',
  msg_blocks_too_long: 'formatting_refused',
  not_authed: 'unauthorized',
  invalid_auth: 'unauthorized',
  account_inactive: 'unauthorized',
  token_revoked: 'unauthorized',
  token_expired: 'unauthorized',
  missing_scope: 'unauthorized',
  no_permission: 'unauthorized',
  not_allowed_token_type: 'unauthorized',
  org_login_required: 'unauthorized',
  access_denied: 'unauthorized',
  ekm_access_denied: 'unauthorized',
  team_access_not_granted: 'unauthorized',
  used_url: 'expired',
  expired_url: 'expired',
};

export type Outcome = { readonly result: JsonObject } | { readonly fault: Fault };

/** An answer of the Web API: whether it worked is in the body, most failures have status 200. */
export function fromAnswer(answer: HttpAnswer): Outcome {
  const body = parseObject(answer.text);
  if (body?.ok === true && answer.status === 200) return { result: body };
  const error = textIn(body, 'error');
  const known = error !== undefined && Object.hasOwn(kinds, error) ? kinds[error] : undefined;
  const kind = known ?? (error === undefined || answer.status !== 200 ? fromStatus(answer.status) : 'refused');
  return { fault: { kind, detail: error } };
}

/** The bot is no member where the command was typed. */
export function isOutside({ detail }: Fault): boolean {
  return detail === 'not_in_channel' || detail === 'channel_not_found';
}
