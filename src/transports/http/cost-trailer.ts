/**
 * What a stream costs is known when its head has long gone out. For a client that says `TE: trailers` it follows the body
 * as a trailer field (RFC 9110, section 6.5), and the body stays as it is.
 */
import type { Exchange } from './exchange.ts';
import { costOf } from './write-answer.ts';

/** For the head: RFC 9110, section 6.6.2. */
export const announcedTrailer = ['Trailer', 'X-Gateway-Cost'] as const;

/** Trailer fields belong to the chunked coding, which no client before HTTP/1.1 reads. */
export function takesTrailers({ headers, httpVersion }: Exchange['request']): boolean {
  return (
    headers.te !== undefined && httpVersion === '1.1' && /(^|,)[ \t]*trailers[ \t]*(,|$)/i.test(String(headers.te))
  );
}

/** Goes out with the end of the answer. Nothing does where the price is not known. */
export function addCostTrailer(exchange: Exchange): void {
  const cost = costOf(exchange);
  if (cost !== undefined) exchange.response.addTrailers({ 'X-Gateway-Cost': cost });
}
