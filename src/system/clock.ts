import type { Clock } from '../core/ports/clock.ts';

/** Beyond this `setTimeout` calls back at once. */
const longestWait = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      const step = Math.min(left, longestWait);
      timer = setTimeout(() => (left > step ? wait(left - step) : callback()), step).unref();
    };
    wait(ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
