import type { IncomingHttpHeaders } from 'node:http';

/** What of a client's head is meant for Anthropic. Whose account is asked is the gateway's to say, so that is not. */
export function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of ['anthropic-version', 'anthropic-beta']) {
    const value = headers[name];
    if (value !== undefined) forwarded[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return forwarded;
}
