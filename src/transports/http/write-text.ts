import type { Clock } from '../../core/ports/clock.ts';
import type { TextAnswer } from '../../handlers/handler.ts';
import { EventStream } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { writeAnswer } from './write-answer.ts';

/** An answer that is text already. Throws what should be an HTTP error; returns when all of it is written. */
export async function writeText(
  exchange: Exchange,
  { contentType, chunks }: TextAnswer,
  clock: Clock,
  headers: readonly string[],
): Promise<void> {
  if (contentType === 'text/event-stream') return stream(exchange, chunks, clock, headers);
  const pieces: Buffer[] = [];
  for await (const chunk of chunks) pieces.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const [first] = pieces;
  const text = first && pieces.length === 1 ? first : Buffer.concat(pieces);
  writeAnswer(exchange, { status: 200, contentType, text, headers: [...headers, 'Cache-Control', 'no-store'] });
}

async function stream(
  exchange: Exchange,
  chunks: AsyncIterable<string | Buffer>,
  clock: Clock,
  headers: readonly string[],
): Promise<void> {
  const answer = new EventStream(exchange, headers, clock);
  try {
    for await (const chunk of chunks) {
      const full = answer.write(chunk);
      if (full) await full;
      if (answer.isGone) break;
    }
  } finally {
    answer.stop();
  }
  exchange.response.end();
}
