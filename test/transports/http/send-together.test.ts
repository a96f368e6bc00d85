import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { sendTogether } from '../../../src/transports/http/send-together.ts';

describe('what is sent together', () => {
  let sent: string[];
  beforeEach(() => {
    sent = [];
  });

  function socket(name: string): Writable {
    return new Writable({
      decodeStrings: false,
      write(chunk, _, done) {
        sent.push(`${name}: ${chunk}`);
        done();
      },
      writev(chunks, done) {
        sent.push(`${name}: ${chunks.map(({ chunk }) => chunk).join(' + ')}`);
        done();
      },
    });
  }

  function send(to: Writable, text: string): void {
    sendTogether(to);
    to.write(text);
  }

  const readingIsOver = () => new Promise(setImmediate);

  it('waits until all that came in has been read, microtasks and next ticks included', async () => {
    const [a, b] = [socket('a'), socket('b')];
    send(a, '1');
    await new Promise<void>((resolve) => process.nextTick(resolve));
    send(b, '1');
    assert.deepEqual(sent, []);
    await readingIsOver();
    assert.deepEqual(sent, ['a: 1', 'b: 1']);
  });

  it('goes out at once for each socket, however often it is written to', async () => {
    const [a, b] = [socket('a'), socket('b')];
    for (const text of ['1', '2', '3']) {
      send(a, text);
      send(b, text);
    }
    await readingIsOver();
    assert.deepEqual(sent, ['a: 1 + 2 + 3', 'b: 1 + 2 + 3']);
    send(a, '4');
    await readingIsOver();
    assert.deepEqual(sent.slice(2), ['a: 4']);
  });

  it('does not wait for more than 32 sockets', () => {
    for (let index = 0; index < 32; index += 1) send(socket(String(index)), 'first');
    assert.equal(sent.length, 32);
    send(socket('after'), 'held');
    assert.equal(sent.length, 32);
  });

  it('is sent by an end that comes before', async () => {
    const a = socket('a');
    send(a, '1');
    a.end('2');
    assert.deepEqual(sent, ['a: 1 + 2']);
    await readingIsOver();
    assert.equal(a.writableCorked, 0);
  });

  it('is nothing for a socket that is gone by then', async () => {
    const [a, b] = [socket('a'), socket('b')];
    send(a, '1');
    send(b, '1');
    a.destroy();
    await readingIsOver();
    assert.deepEqual(sent, ['b: 1']);
  });
});
