import { ProviderError } from '../../core/errors.ts';
import type { DialectName, ForwardCall } from '../../core/ports/provider.ts';
import type { Dialect, Forwarding } from './dialect.ts';
import type { Outgoing } from './outgoing.ts';
import { toForwardedBody } from './to-forwarded-body.ts';
import type { Upstream } from './upstream.ts';

/** Every operation that can be handed on; the compiler names one that is missing or is none. */
const names: Readonly<Record<DialectName, true>> = {
  'chat-completions': true,
  responses: true,
  embeddings: true,
  messages: true,
  'count-tokens': true,
};

export function dialectsOf({ forwards }: Dialect): DialectName[] {
  return Object.keys(names).filter((name): name is DialectName => name in forwards);
}

export function forwardingOf({ dialect, name }: Upstream, call: ForwardCall): Forwarding {
  const forwarding = dialect.forwards[call.dialect];
  if (forwarding) return forwarding;
  throw new ProviderError('invalid_request', `${name} does not speak ${call.dialect}`);
}

export function toForwardedRequest(call: ForwardCall, forwarding: Forwarding): Outgoing {
  const headers: string[] = [];
  for (const name of forwarding.headers) {
    const value = call.headers[name];
    if (value !== undefined) headers.push(name, value);
  }
  return {
    path: forwarding.path,
    body: toForwardedBody(call, forwarding),
    ...(headers.length === 0 ? {} : { headers }),
  };
}
