import assert from 'node:assert/strict';
import type { Received } from './exchange.ts';
import type { Names } from './names.ts';
import type { Audience, ReceivedStep } from './play-transcript.ts';
import { stripAnswer, stripFrame } from './strip-additions.ts';

/** Stands behind a status whose answer is not this version's, or not of interest: only the status is compared. */
const unshown = ' …';

/** Holds what comes against what the transcript has, to the byte. */
export const comparing: Audience = {
  answer(step, received, names, sent) {
    assert.equal(answerText(step, received, names, sent), step.lines.join('\n'), 'the answer is another');
  },
  wanted: ({ lines }) => lines.length,
  frames(step, frames, names) {
    assert.equal(framesText(step, frames, names), step.lines.join('\n'), 'the frames are others');
  },
};

/** What came, as a transcript shows it: without additions that this one does not have, and with names. */
export function answerText(step: ReceivedStep, received: Received, names: Names, sent: readonly string[]): string {
  if (step.lines[0]?.endsWith(unshown)) {
    names.learnKeys(received.text);
    return `${received.status}${unshown}`;
  }
  const { status, headers, text } = stripAnswer(received, readReceived(step.lines), sent[0] ?? '');
  const head = [String(status), ...headers.map(([name, value]) => `${name}: ${value}`)];
  return names.toNames([...head, ...(text === '' ? [] : ['', text])].join('\n'));
}

export function framesText({ lines }: ReceivedStep, frames: readonly string[], names: Names): string {
  return names.toNames(frames.map((frame, index) => stripFrame(frame, lines[index] ?? '')).join('\n'));
}

function readReceived([status = '', ...lines]: readonly string[]): Received {
  const end = lines.includes('') ? lines.indexOf('') : lines.length;
  return {
    status: Number(status),
    headers: lines.slice(0, end).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    text: lines.slice(end + 1).join('\n'),
  };
}
