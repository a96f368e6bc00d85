/**
 * The log: JSON lines by pino, or lines for people on a terminal. Fields pass through one gate on their way, so that no
 * caller has to think of secrets; lines of plain values, which most are, are written past pino in the same form. Lines are
 * gathered and written together; they are all out when the process ends, and when `flush` returns.
 */
import { createRequire } from 'node:module';
import { type DestinationStream, pino } from 'pino';
import type { Clock } from '../core/ports/clock.ts';
import type { Log, LogFields } from '../core/ports/log.ts';
import { createFieldTexts } from './field-texts.ts';
import { createPlainMembers, type PlainMembers } from './plain-members.ts';
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
  const stamp = createStamp(() => clock.now());
  const logger = pino<never>(
    { level: options.level, base: null, timestamp: stamp, formatters: { level: (label) => ({ level: label }) } },
    stream,
  );
  const scrub = createScrub(options.secrets ?? []);
  const texts = createFieldTexts(scrub);
  const parts = { stream, stamp, scrub, redact: createRedactFields(texts), membersOf: createPlainMembers(texts) };
  return { ...wrap(parts, logger, ''), flush };
}

interface Parts {
  stream: DestinationStream;
  stamp(): string;
  scrub: Scrub;
  redact: RedactFields;
  membersOf: PlainMembers;
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

/** `bound` are the members of every line; undefined when only the logger can write them. */
function wrap(parts: Parts, logger: pino.Logger, bound: string | undefined): Log {
  const { stream, stamp, scrub, redact } = parts;
  const membersOf = (fields: LogFields) => membersIn(parts, fields, bound);
  const at = (level: Level) => {
    if (!logger.isLevelEnabled(level)) return () => {};
    // A busy gateway says the same of one request after another.
    let latest = { message: '', json: '""' };
    return (fields: LogFields, message: string) => {
      const members = membersOf(fields);
      if (members === undefined) return void logger[level](redact(fields), scrub(message));
      if (message !== latest.message) latest = { message, json: JSON.stringify(scrub(message)) };
      stream.write(`{"level":"${level}"${stamp()}${members},"msg":${latest.json}}\n`);
    };
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => wrap(parts, logger.child(redact(fields)), membersOf(fields)),
  };
}

function membersIn({ membersOf }: Parts, fields: LogFields, bound: string | undefined): string | undefined {
  if (bound === undefined) return undefined;
  try {
    const members = membersOf(fields);
    return members === undefined ? undefined : bound + members;
  } catch {
    // A getter that throws must not cost the line.
    return undefined;
  }
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
