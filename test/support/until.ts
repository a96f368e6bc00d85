import { setImmediate as nextTurn } from 'node:timers/promises';

/** Waits until the condition holds, for as long as the test's own time lasts. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

/** Waits until the number has stopped changing: whoever changes it had many turns of the loop and did nothing. */
export async function steady(read: () => number): Promise<number> {
  let last = read();
  for (let turns = 0; turns < 50; turns++) {
    await nextTurn();
    const now = read();
    if (now !== last) turns = 0;
    last = now;
  }
  return last;
}
