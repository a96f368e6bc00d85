/**
 * A transcript is a text that people read: prose behind `#`, what a client sends behind `>`, what it gets behind `<`. A
 * word before the arrow names the exchange or the socket; time passes where it says so.
 *
 *     # Anybody may ask whether the gateway lives.
 *     > GET /health
 *
 *     < 200
 *     < content-type: application/json
 *     <
 *     < {"status":"ok"}
 *
 *     @ 5 s later
 *
 *     socket> {"type":"ping"}
 *     socket< {"type":"pong"}
 */
export interface Transcript {
  name: string;
  steps: Step[];
}

export type Step =
  | { kind: 'prose'; lines: string[] }
  | { kind: 'pause'; what: string; line: number }
  | SaidStep<'sent'>
  | SaidStep<'received'>;

export interface SaidStep<Kind extends 'sent' | 'received'> {
  kind: Kind;
  exchange: string;
  lines: string[];
  /** Where it begins. */
  line: number;
}

export function parseTranscript(name: string, text: string): Transcript {
  const steps: Step[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const last = steps.at(-1);
    const [, exchange = '', arrow, said = ''] = /^([a-z]*)([<>])(?: (.*))?$/.exec(line) ?? [];
    if (arrow) {
      const kind = arrow === '>' ? 'sent' : 'received';
      if (last?.kind === kind && last.exchange === exchange) last.lines.push(said);
      else steps.push({ kind, exchange, lines: [said], line: index + 1 });
    } else if (line.startsWith('@ ')) {
      steps.push({ kind: 'pause', what: line.slice(2), line: index + 1 });
    } else if (line === '' || line === '#' || line.startsWith('# ')) {
      if (last?.kind === 'prose') last.lines.push(line);
      else steps.push({ kind: 'prose', lines: [line] });
    } else {
      throw new Error(`${name}:${index + 1}: neither prose, nor sent, nor received, nor a pause: ${line}`);
    }
  }
  return { name, steps };
}

export function printTranscript({ steps }: Transcript): string {
  return steps.map(printStep).join('\n');
}

function printStep(step: Step): string {
  if (step.kind === 'prose') return step.lines.join('\n');
  if (step.kind === 'pause') return `@ ${step.what}`;
  const arrow = `${step.exchange}${step.kind === 'sent' ? '>' : '<'}`;
  return step.lines.map((line) => (line === '' ? arrow : `${arrow} ${line}`)).join('\n');
}
