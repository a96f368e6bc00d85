/** Counts the sockets that have not authenticated, by address: opening many and saying nothing costs its opener nothing. */
export interface WaitingRoom {
  isFull(address: string): boolean;
  enter(address: string): void;
  leave(address: string): void;
}

export function createWaitingRoom(most: number): WaitingRoom {
  const counts = new Map<string, number>();
  return {
    isFull: (address) => (counts.get(address) ?? 0) >= most,
    enter(address) {
      counts.set(address, (counts.get(address) ?? 0) + 1);
    },
    leave(address) {
      const count = counts.get(address) ?? 0;
      if (count > 1) counts.set(address, count - 1);
      else counts.delete(address);
    },
  };
}
