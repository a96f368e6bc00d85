import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Malformed, Reported } from '../../../src/providers/wire/bad-answer.ts';
import { decode, textIn, transcripts, wires } from '../wires.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

for (const { name, dialect } of wires) {
  describe(`decoding the ${name} wire's streams`, () => {
    for (const [title, bytes] of transcripts(name)) {
      const whole = decode(dialect, [bytes]);

      it(`${title}: wherever it is split in two, the events are the same`, () => {
        for (let at = 0; at <= bytes.length; at++)
          assert.deepEqual(decode(dialect, [bytes.subarray(0, at), bytes.subarray(at)]), whole, `split at ${at}`);
      });

      it(`${title}: byte for byte, the events are the same`, () => {
        const pieces = Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1));
        assert.deepEqual(decode(dialect, pieces), whole);
      });

      it(`${title}: split anywhere and often, the events are the same`, () => {
        const cuts = fc.array(fc.nat(bytes.length), { maxLength: 40 });
        fc.assert(
          fc.property(cuts, (at) => {
            const places = [0, ...at.sort((a, b) => a - b), bytes.length];
            const pieces = places.slice(1).map((end, n) => bytes.subarray(places[n], end));
            assert.deepEqual(decode(dialect, pieces), whole);
          }),
          { numRuns: 50 },
        );
      });

      for (const [change, changed] of [
        ['CRLF', Buffer.from(bytes.toString().replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'))],
        ['CR', Buffer.from(bytes.toString().replaceAll('\r\n', '\n').replaceAll('\n', '\r'))],
        ['a byte order mark', Buffer.concat([BOM, bytes])],
        ['comments', Buffer.from(bytes.toString().replaceAll('data: ', ': ping\r\ndata: '))],
        ['unknown fields', Buffer.from(bytes.toString().replaceAll('data: ', 'retry: 5\nfoo: bar\ndata:'))],
        ['no blank line at the end', Buffer.from(bytes.toString().trimEnd())],
      ] satisfies [string, Buffer][]) {
        it(`${title}: with ${change}, the events are the same`, () => {
          for (let at = 0; at <= changed.length; at += 7)
            assert.deepEqual(decode(dialect, [changed.subarray(0, at), changed.subarray(at)]), whole, `split at ${at}`);
        });
      }

      it(`${title}: ended at any byte, it is an error or all of the answer`, () => {
        let finished = 0;
        for (let end = 0; end < bytes.length; end++) {
          const { events, error } = decode(dialect, [bytes.subarray(0, end)]);
          const last = events.at(-1);
          if (last?.type === 'finish') {
            finished++;
            assert.equal(error, undefined);
            assert.equal(textIn(events), textIn(whole.events), `finished at ${end} with half the text`);
          } else {
            assert.ok(error instanceof Malformed || error instanceof Reported, `neither at ${end}`);
          }
        }
        // Only what stands behind the reason (the usage, the end mark) may be missing.
        assert.ok(finished < bytes.length / 2, `${finished} of ${bytes.length} prefixes pass for whole`);
      });
    }

    it('refuses an event longer than 1 MiB without keeping it', () => {
      const half = Buffer.alloc(600_000, 'x');
      const { error } = decode(dialect, [Buffer.from('data: '), half, half]);
      assert.ok(error instanceof Malformed);
      assert.match(error.message, /1 MiB/);
    });

    it('refuses an event longer than 1 MiB in many lines', () => {
      const line = Buffer.from(`data: ${'x'.repeat(1000)}\n`);
      assert.ok(
        decode(
          dialect,
          Array.from({ length: 1100 }, () => line),
        ).error instanceof Malformed,
      );
    });

    it('joins the lines of one event', () => {
      const lines = '{\ndata: "error":\ndata: {"type":"rate_limit_error","message":"m"},"type":"error"}';
      assert.ok(decode(dialect, [Buffer.from(`data: ${lines}\n\n`)]).error instanceof Reported);
    });

    for (const bad of ['{', 'null', '[]', '"text"', '12', 'hello'])
      it(`refuses ${bad} for an event`, () => {
        assert.ok(decode(dialect, [Buffer.from(`data: ${bad}\n\n`)]).error instanceof Malformed);
      });
  });
}
