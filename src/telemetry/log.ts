/**
 * The log: JSON lines by pino, or lines for people on a terminal. Fields pass through one gate on their way, so that no
 * caller has to think of secrets. Lines are gathered and written together; they are all out when the process ends, and
 * when `flush` returns.
 */
import { createRequire } from 'node:module';
import { type DestinationStream, pino } from 'pino';
import type { Clock } from '../core/ports/clock.ts';
import type { Log, LogFields } from '../core/ports/log.ts';
import { createRedactFields, type RedactFields } from './redact-fields.ts';
import { createScrub, type Scrub } from './scrub.ts';
import { openStderr } from './stderr.ts';

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Lines for people in place of JSON. */
  pretty?: boolean;
  /** Colours, when pretty. */
  color?: boolean;
  /** Values that must never be seen, besides what is recognised by its name or shape. */
  secrets?: readonly string[];
  /** Where JSON lines go; stderr by default. */
  destination?: DestinationStream;
  clock?: Pick<Clock, 'now'>;
}

export interface FlushableLog extends Log {
  /** Writes out what is gathered, before it returns. */
  flush(): void;
}

export function createLog(options: LogOptions): FlushableLog {
  const { clock = Date } = options;
  const { stream, flush } = openDestination(options);
  const logger = pino<never>(
    {
      level: options.level,
      base: null,
      timestamp: createStamp(() => clock.now()),
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  const scrub = createScrub(options.secrets ?? []);
  return { ...wrap(logger, createRedactFields(scrub), scrub), flush };
}

/** To the millisecond; the text of a second is made once. */
function createStamp(now: () => number): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const time = now();
    const current = Math.floor(time / 1000);
    if (current !== second) {
      second = current;
      text = `,"time":"${new Date(current * 1000).toISOString().slice(0, 20)}`;
    }
    return `${text}${String(time - current * 1000).padStart(3, '0')}Z"`;
  };
}

type Level = 'debug' | 'info' | 'warn' | 'error';

function wrap(logger: pino.Logger, redact: RedactFields, scrub: Scrub): Log {
  const at = (level: Level) => (fields: LogFields, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](redact(fields), scrub(message));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => wrap(logger.child(redact(fields)), redact, scrub),
  };
}

function openDestination({ destination, pretty, color }: LogOptions): { stream: DestinationStream; flush(): void } {
  const { write, flush } = destination
    ? { write: (line: string) => destination.write(line), flush: () => {} }
    : openStderr();
  if (!pretty) return { stream: { write }, flush };
  // Loaded only here: a gateway without a terminal never pays for it.
  const load = createRequire(import.meta.url);
  const { prettyFactory }: typeof import('pino-pretty') = load('pino-pretty');
  const format = prettyFactory({ colorize: color ?? false, singleLine: true });
  return { stream: { write: (line) => write(format(line)) }, flush };
}
