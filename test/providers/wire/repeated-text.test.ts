import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProviderEvent } from '../../../src/core/ports/provider.ts';
import { RepeatedText } from '../../../src/providers/wire/repeated-text.ts';
import { decode, transcripts, wires } from '../wires.ts';

/** An event of each wire with a text, and what a server may vary about it. */
const eventOf = {
  openai: (text: string, around: string) =>
    `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content: text } }], model: around })}\n\n`,
  anthropic: (text: string, around: string) =>
    `event: content_block_delta\ndata: ${JSON.stringify({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
      around,
    })}\n\n`,
};
const text = fc.oneof(
  fc.constantFrom('', 'a', '"', '\\', '\n\n', 'c1', 'model', '."', '\u2028', '\u0085', '東京', '","text":"', '{', '}'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const around = fc.constantFrom('same', 'same', 'same', 'same', 'same', 'other', 'a');
/** Events of one stream, by the reads that bring them. */
const reads = fc.array(fc.array(fc.tuple(text, around), { minLength: 1, maxLength: 2 }), { maxLength: 12 });

for (const { name, dialect } of wires) {
  describe(`the repeated texts of the ${name} wire`, () => {
    it('are what a read of everything at once finds', () => {
      fc.assert(
        fc.property(reads, (groups) => {
          const pieces = groups.map((events) =>
            Buffer.from(events.map(([said, with_]) => eventOf[name](said, with_)).join('')),
          );
          const { events } = decode(dialect, pieces);
          assert.deepEqual(events, decode(dialect, [Buffer.concat(pieces)]).events);
        }),
        { numRuns: 300 },
      );
    });

    for (const [title, bytes] of transcripts(name)) {
      it(`${title}: event by event, the events are the same`, () => {
        const pieces = bytes
          .toString()
          .split(/(?<=\n\n|\r\n\r\n)/)
          .map((piece) => Buffer.from(piece));
        assert.deepEqual(decode(dialect, pieces), decode(dialect, [bytes]));
      });
    }
  });
}

describe('a repeated text', () => {
  let long: string[];
  let repeated: RepeatedText;

  /** Reads `<...>"text"<...>` and blank line, as if nothing else could come. */
  function read(chunk: Buffer): ProviderEvent[] {
    long.push(chunk.toString());
    return [...chunk.toString().matchAll(/<"(.*?)">/g)].map(([, said = '']) => ({
      type: 'text',
      text: JSON.parse(`"${said}"`),
    }));
  }

  beforeEach(() => {
    long = [];
    repeated = new RepeatedText(read);
  });

  function feed(...chunks: string[]): string {
    const batches = chunks.flatMap((chunk) => repeated.feed(Buffer.from(chunk)));
    return batches.map((event) => (event.type === 'text' ? event.text : '?')).join('|');
  }

  it('is read the long way only until it is known what stands around it', () => {
    assert.equal(feed('head\n\n', '1<"a">\n\n', '1<"b">\n\n', '1<"ö\\n\\"">\n\n', '1<"d">\n\n'), 'a|b|ö\n"|d');
    assert.deepEqual(long, ['head\n\n', '1<"a">\n\n', '1<"a.">\n\n']);
  });

  it('is read the long way where something else stands around it, which is then learned', () => {
    assert.equal(feed('head\n\n', '1<"a">\n\n', '2<"b">\n\n', '2<"c">\n\n'), 'a|b|c');
    assert.deepEqual(long.slice(3), ['2<"b">\n\n', '2<"b.">\n\n']);
  });

  it('is read the long way where there are two', () => {
    assert.equal(feed('head\n\n', '1<"a">\n\n', '1<"b"><"c">\n\n', '1<"d">\n\n'), 'a|b|c|d');
    assert.equal(long.at(-1), '1<"b"><"c">\n\n');
  });

  it('is not looked for where an event may go on', () => {
    feed('head\n\n', '1<"a">\n\n', '1<"b">\n\n', '1<"c');
    assert.equal(long.at(-1), '1<"c');
    feed('1<"d">\n\n');
    assert.equal(long.at(-1), '1<"d">\n\n');
  });

  it('is not believed when the reader does not find another one there', () => {
    const stubborn = new RepeatedText((chunk) => [...read(chunk).map((event) => ({ ...event, text: 'a' }))]);
    for (const chunk of ['head\n\n', '1<"a">\n\n', '1<"b">\n\n']) stubborn.feed(Buffer.from(chunk));
    assert.equal(long.at(-1), '1<"b">\n\n');
  });

  it('is given up where there is something new around each', () => {
    feed('head\n\n', ...Array.from({ length: 10 }, (_, n) => `${n}<"a">\n\n`));
    assert.equal(long.length, 11 + 3);
  });
});
