/**
 * Times the pure functions that a version is, against those of the newest one, on a turn like those that the other
 * figures measure, and sends the differences: microseconds a request (its body up, its answer down), and a stream event.
 */

import type { Run, RunEvent } from '../../../src/core/run.ts';
import { toEvent } from '../../../src/handlers/to-event.ts';
import { toRun } from '../../../src/handlers/to-run.ts';
import { version20260301 as older } from '../../../src/versions/2026-03-01/index.ts';
import { newest } from '../../../src/versions/newest.ts';
import type { Version } from '../../../src/versions/version.ts';
import { chatRequest, completion } from '../payloads.ts';

const rounds = 15;
const repeats = 40_000;
const pieces = 80;

const createdAt = 1_772_000_000_000;
const usage = { inputTokens: 241, outputTokens: 152, totalTokens: 393 };
const begun: Run = {
  id: 'run_01kj8x3m5n7q9rstvwxyz01234',
  sessionId: 's-01kj8x3m5n7q9rstvwxyz01234',
  user: 'admin',
  channel: 'api',
  state: 'running',
  model: 'bench',
  provider: 'openai',
  attempts: 1,
  createdAt,
};
const run: Run = {
  ...begun,
  state: 'completed',
  message: {
    id: 'msg_01kj8x3m5n7q9rstvwxyz012341',
    role: 'assistant',
    parts: [{ type: 'text', text: completion }],
    createdAt,
    runId: begun.id,
    model: 'bench',
  },
  finishReason: 'stop',
  usage,
  endedAt: createdAt + 20,
};
const body: unknown = JSON.parse(chatRequest({ model: 'bench', stream: false }));
const answer = toRun(run);
const runEvents: RunEvent[] = [
  { type: 'run.started', seq: 1, run: begun },
  ...Array.from(
    { length: pieces },
    (_, index): RunEvent => ({ type: 'message.delta', seq: index + 2, text: 'and so on, ' }),
  ),
  { type: 'run.completed', seq: pieces + 2, run },
];
const events = runEvents.map(toEvent);

/** What is made is kept for a while, so that the compiler cannot leave the making out. */
const kept: unknown[] = [];
let at = 0;
function keep(value: unknown): void {
  kept[at] = value;
  at = (at + 1) & 63;
}

function speakRequest(version: Version): void {
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    keep(version.request('createChat', body));
    keep(version.answer('createChat', answer, createdAt + repeat));
  }
}

function speakEvents(version: Version): void {
  for (let repeat = 0; repeat < repeats; repeat += events.length) {
    for (const event of events) for (const named of version.events(event)) keep(named);
  }
}

function microseconds(work: (version: Version) => void, version: Version): number {
  const before = process.cpuUsage();
  work(version);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / repeats;
}

function measure(work: (version: Version) => void): number[] {
  for (let round = 0; round < 5; round += 1) for (const version of [older, newest]) work(version);
  return Array.from({ length: rounds }, () => microseconds(work, older) - microseconds(work, newest));
}

process.send?.({ request: measure(speakRequest), event: measure(speakEvents) });
process.disconnect?.();
