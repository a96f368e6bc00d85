import assert from 'node:assert/strict';
import { Abort } from '../../src/core/abort.ts';
import type { Signal } from '../../src/core/ports/signal.ts';

interface Kind {
  name: string;
  make(): { signal: Signal; abort(reason: unknown): void };
}

/** What a run is given may be either, so both have to do the same. */
const kinds: readonly Kind[] = [
  {
    name: 'Abort',
    make() {
      const abort = new Abort();
      return { signal: abort, abort: (reason) => abort.abort(reason) };
    },
  },
  {
    name: 'AbortController',
    make() {
      const controller = new AbortController();
      return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
    },
  },
];

for (const { name, make } of kinds) {
  describe(`${name}, as a signal`, () => {
    it('tells functions and objects, in the order in which they came, once', () => {
      const { signal, abort } = make();
      const heard: string[] = [];
      signal.addEventListener('abort', () => heard.push('function'));
      signal.addEventListener('abort', { handleEvent: () => heard.push('object') });
      abort(new Error('first'));
      abort(new Error('second'));
      assert.deepEqual(heard, ['function', 'object']);
    });

    it('keeps the first reason and throws it', () => {
      const { signal, abort } = make();
      signal.throwIfAborted();
      assert.equal(signal.aborted, false);
      assert.equal(signal.reason, undefined);
      const first = new Error('first');
      abort(first);
      abort(new Error('second'));
      assert.equal(signal.aborted, true);
      assert.equal(signal.reason, first);
      assert.throws(
        () => signal.throwIfAborted(),
        (thrown) => thrown === first,
      );
    });

    it('knows its reason when it tells', () => {
      const { signal, abort } = make();
      const first = new Error('first');
      let heard: unknown;
      signal.addEventListener('abort', () => {
        heard = signal.aborted && signal.reason;
      });
      abort(first);
      assert.equal(heard, first);
    });

    it('tells nobody who has left, also when one leaves while it tells', () => {
      const { signal, abort } = make();
      const heard: string[] = [];
      const left = () => heard.push('left');
      const leaves = { handleEvent: () => signal.removeEventListener('abort', later) };
      const later = () => heard.push('later');
      signal.addEventListener('abort', left);
      signal.removeEventListener('abort', left);
      signal.removeEventListener('abort', left);
      signal.addEventListener('abort', leaves);
      signal.addEventListener('abort', later);
      abort(new Error('gone'));
      assert.deepEqual(heard, []);
    });

    it('tells nothing to who comes after it', () => {
      const { signal, abort } = make();
      abort(new Error('gone'));
      signal.addEventListener('abort', () => assert.fail('too late'));
    });

    it('takes the same listener once', () => {
      const { signal, abort } = make();
      let heard = 0;
      const listener = () => {
        heard += 1;
      };
      signal.addEventListener('abort', listener);
      signal.addEventListener('abort', listener);
      abort(new Error('gone'));
      assert.equal(heard, 1);
    });
  });
}
