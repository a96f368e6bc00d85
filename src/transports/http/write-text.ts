import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../core/ports/clock.ts';
import type { TextAnswer } from '../../handlers/handler.ts';
import { addCostTrailer, announcedTrailer, takesTrailers } from './cost-trailer.ts';
import { EventStream } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { commonHeaders, writeAnswer } from './write-answer.ts';

/** An answer that is text already. Throws what should be an HTTP error; what it returns resolves when all is written. */
export function writeText(
  exchange: Exchange,
  answer: TextAnswer,
  clock: Clock,
  headers: readonly string[],
): Promise<void> | undefined {
  switch (answer.contentType) {
    case 'text/event-stream':
      return stream(exchange, answer.chunks, clock, headers);
    case 'text/csv':
      return pour(exchange, answer.chunks, headers);
    case 'application/json': {
      const { contentType, text } = answer;
      writeAnswer(exchange, { status: 200, contentType, text, headers: [...headers, 'Cache-Control', 'no-store'] });
      return undefined;
    }
  }
}

async function stream(
  exchange: Exchange,
  chunks: AsyncIterable<string | Buffer>,
  clock: Clock,
  headers: readonly string[],
): Promise<void> {
  const hasTrailer = takesTrailers(exchange.request);
  const answer = new EventStream(exchange, hasTrailer ? [...headers, ...announcedTrailer] : headers, clock);
  try {
    for await (const chunk of chunks) {
      const full = answer.write(chunk);
      if (full) await full;
      if (answer.isGone) break;
    }
  } finally {
    answer.stop();
  }
  if (hasTrailer) addCostTrailer(exchange);
  answer.end();
}

/** A table may be long, so that it is sent as it is read. A cut shows: the last chunk of the body is missing. */
async function pour(
  exchange: Exchange,
  chunks: AsyncIterable<string | Buffer>,
  headers: readonly string[],
): Promise<void> {
  const pieces = chunks[Symbol.asyncIterator]();
  const first = await pieces.next();
  const all = async function* (): AsyncGenerator<string | Buffer> {
    if (!first.done) yield first.value;
    yield* { [Symbol.asyncIterator]: () => pieces };
  };
  const { response } = exchange;
  const standing = ['Content-Type', 'text/csv; charset=utf-8', 'Cache-Control', 'no-store'];
  response.writeHead(200, commonHeaders(exchange, [...headers, ...standing]));
  await pipeline(Readable.from(all()), response);
}
