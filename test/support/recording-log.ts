import type { Log, LogFields } from '../../src/core/ports/log.ts';

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: LogFields;
  message: string;
}

/** A log that a test can read. */
export function createRecordingLog(lines: LogLine[] = [], common: LogFields = {}): Log & { lines: LogLine[] } {
  const write = (level: LogLine['level']) => (fields: LogFields, message: string) => {
    lines.push({ level, fields: { ...common, ...fields }, message });
  };
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => createRecordingLog(lines, { ...common, ...fields }),
  };
}
