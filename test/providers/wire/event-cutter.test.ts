import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Malformed } from '../../../src/providers/wire/bad-answer.ts';
import { dataOf, EventCutter, endOfEvent } from '../../../src/providers/wire/event-cutter.ts';

const line = fc.constantFrom('data: one', 'data:two', ': ping', 'event: x', 'data: Grüße 東京', 'data', '');
const events = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.infiniteStream(fc.constantFrom('\n', '\r\n', '\r')))
  .map(([lines, ends]) => lines.map((one) => one + ends.next().value).join(''));

describe('cutting a stream behind its events', () => {
  it('hands on every byte, wherever the reads end', () => {
    fc.assert(
      fc.property(events, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
        const bytes = Buffer.from(text);
        const cutter = new EventCutter();
        const pieces = [...split(bytes, places).map((piece) => cutter.feed(piece)), cutter.end()];
        assert.equal(Buffer.concat(pieces).toString(), text);
      }),
      { numRuns: 500 },
    );
  });

  it('cuts no event in two, and keeps back no whole one', () => {
    fc.assert(
      fc.property(events, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
        const bytes = Buffer.from(text);
        const cutter = new EventCutter();
        let fed = 0;
        let handedOn = 0;
        for (const piece of split(bytes, places)) {
          fed += piece.length;
          handedOn += cutter.feed(piece).length;
          const [before, after] = [bytes.toString('utf8', 0, handedOn), bytes.toString('utf8', 0, fed)];
          // The rest of such a line's end is awaited.
          if (!after.endsWith('\n\r')) assert.deepEqual(dataIn(before), dataIn(after), 'kept back a whole event');
          assert.deepEqual(dataIn(`${before}\n\n`), dataIn(before), 'handed on half an event');
          assert.match(bytes.toString('latin1', 0, handedOn), /(^|\n\n|\r\r|\n\r|\r\n\r\n)\n?$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same data event by event as a parser of lines', () => {
    fc.assert(
      fc.property(events, (text) => {
        const bytes = Buffer.from(text);
        const found: string[] = [];
        for (let at = 0; at < bytes.length; at = endOfEvent(bytes, at)) {
          const data = dataOf(bytes.toString('utf8', at, endOfEvent(bytes, at)));
          if (data !== undefined) found.push(data);
        }
        assert.deepEqual(found, dataIn(`${text}\n\n`));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps no more than 1 MiB of an event, in few pieces or in many', () => {
    for (const size of [600_000, 1000]) {
      const cutter = new EventCutter();
      const piece = Buffer.alloc(size, 'x');
      assert.throws(() => {
        for (let n = 0; n < 1100; n++) cutter.feed(piece);
      }, Malformed);
    }
  });

  it('leaves out a byte order mark', () => assert.equal(dataOf('\uFEFFdata: x\n\n'), 'x'));
});

function split(bytes: Buffer, places: number[]): Buffer[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, n) => bytes.subarray(cuts[n], end));
}

/** Of the events that a blank line has ended. */
function dataIn(text: string): string[] {
  const found: string[] = [];
  let data: string[] = [];
  for (const one of text.split(/\r\n|\r|\n/).slice(0, -1)) {
    if (one.startsWith('data:')) data.push(one.slice(5).replace(/^ /, ''));
    if (one !== '' || data.length === 0) continue;
    found.push(data.join('\n'));
    data = [];
  }
  return found;
}
