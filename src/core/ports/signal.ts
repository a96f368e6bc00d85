/** What of an `AbortSignal` a run needs; every `AbortSignal` is one. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: AbortListener): void;
  removeEventListener(type: 'abort', listener: AbortListener): void;
}

/** Called once at most. */
export type AbortListener = (() => void) | { handleEvent(): void };
