import type { IncomingHttpHeaders } from 'node:http';

/** What of a client's head is meant for OpenAI. Whose account is asked is the gateway's to say, so that is not. */
export function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const beta = headers['openai-beta'];
  if (beta === undefined) return {};
  return { 'openai-beta': Array.isArray(beta) ? beta.join(', ') : beta };
}
