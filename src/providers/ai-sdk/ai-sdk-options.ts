import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Deadlines } from '../wire/wire-options.ts';

/** Where a package is, and how it is set up. */
export interface PackageOptions {
  name: string;
  /** As one writes it behind `import`: `@ai-sdk/google`, `@ai-sdk/google-vertex/anthropic`. */
  package: string;
  /** The factory. Default: the one function export whose name begins with `create`. */
  export?: string;
  /** The function of the factory's provider that makes a model, where there are several. Default: `languageModel`. */
  api?: string;
  /** What the factory takes. */
  settings: Readonly<Record<string, unknown>>;
  models: readonly string[];
  /** Where it is looked for, in this order; the first is where the operator is told to install it. */
  folders: readonly string[];
  /** What may stand in no log and in no message. */
  secrets: readonly string[];
}

export interface AiSdkOptions extends PackageOptions {
  clock: Clock;
  /** Connecting is the package's business and part of the wait for the first chunk. */
  deadlines: CallDeadlines;
  /** Of a whole answer: the bytes of its text and of its tools' arguments. */
  maxAnswerBytes: number;
  log: Log;
}

export type CallDeadlines = Omit<Deadlines, 'connectMs'>;
