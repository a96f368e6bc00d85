/** An abort controller that knows how many listeners its signal has. */
export function createCountedAbort(): AbortController & { listeners(): number } {
  const abort = new AbortController();
  const held = new Map<unknown, { once: boolean }>();
  const { signal } = abort;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    held.set(given[1], { once: typeof given[2] === 'object' && given[2].once === true });
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    held.delete(given[1]);
    remove(...given);
  };
  add('abort', () => {
    for (const [listener, { once }] of held) if (once) held.delete(listener);
  });
  return Object.assign(abort, { listeners: () => held.size });
}
