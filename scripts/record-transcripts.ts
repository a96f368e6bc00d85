/**
 * Writes into the transcripts what the gateway answers now, wherever that differs: `node scripts/record-transcripts.ts
 * [name …]`. Only for differences that are meant and that the version's promise allows; the diff is what a review reads.
 * A new transcript needs what its client sends, and an empty line behind the arrow wherever something is to come.
 */
import { writeFile } from 'node:fs/promises';
import { answerText, framesText } from '../test/transcripts/compare.ts';
import { type Audience, playTranscript } from '../test/transcripts/play-transcript.ts';
import { readTranscripts } from '../test/transcripts/read-transcripts.ts';
import { printTranscript } from '../test/transcripts/transcript.ts';

const wanted = process.argv.slice(2);

const recording: Audience = {
  answer(step, received, names, sent) {
    step.lines = answerText(step, received, names, sent).split('\n');
  },
  wanted: () => undefined,
  frames(step, frames, names) {
    step.lines = framesText(step, frames, names).split('\n');
  },
};

for (const transcript of await readTranscripts('2026-03-01')) {
  if (wanted.length > 0 && !wanted.includes(transcript.name)) continue;
  const before = printTranscript(transcript);
  await playTranscript(transcript, recording);
  const after = printTranscript(transcript);
  if (after === before) continue;
  await writeFile(transcript.file, after);
  process.stdout.write(`${transcript.name} is written anew.\n`);
}
