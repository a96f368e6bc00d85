import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Lanes } from '../../src/core/ports/lanes.ts';

/** Whether nobody is in a lane: a lane that is kept for nobody would never let anyone in again. */
export async function isFree(lanes: Lanes, lane: string): Promise<boolean> {
  const giveUp = new AbortController();
  let free = false;
  lanes.enter(lane, giveUp.signal).then(
    (leave) => {
      free = true;
      leave();
    },
    () => {},
  );
  await nextTurn();
  giveUp.abort();
  return free;
}
