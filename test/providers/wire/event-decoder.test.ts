import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventDecoder } from '../../../src/providers/wire/event-decoder.ts';

describe('the decoder of server-sent events', () => {
  function dataIn(pieces: readonly Buffer[]): string[] {
    const found: string[] = [];
    const decoder = new EventDecoder((data) => found.push(data));
    for (const piece of pieces) decoder.feed(piece);
    decoder.end();
    return found;
  }

  it('reads what is no UTF-8 as the standard has it, however it is split', () => {
    // Beginnings, middles and ends of characters, in any order, and few line ends.
    const odd = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0xff), {
      maxLength: 24,
    });
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), fc.array(fc.nat(120), { maxLength: 8 }), (lines, cuts) => {
        const text = lines.map((line) =>
          Buffer.concat([Buffer.from('data: '), Buffer.from(line), Buffer.from('\n\n')]),
        );
        const bytes = Buffer.concat(text);
        const places = [0, ...cuts.map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, n) => bytes.subarray(places[n], end));
        const expected = lines.map((line) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(line)));
        assert.deepEqual(dataIn(pieces), expected);
      }),
    );
  });
});
