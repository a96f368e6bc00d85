/**
 * What clients of 2026-03-01 send and get, to the byte, however the core changes. Where a difference is meant and lawful,
 * `node scripts/record-transcripts.ts` writes it down.
 */
import assert from 'node:assert/strict';
import { messages, operations } from '../../generated/operations.ts';
import { operationAt, said } from '../support/contract.ts';
import { comparing } from './compare.ts';
import { playTranscript } from './play-transcript.ts';
import { readTranscripts } from './read-transcripts.ts';

const version = '2026-03-01';
const transcripts = await readTranscripts(version);
const steps = transcripts.flatMap((transcript) => transcript.steps);

describe(`transcripts of ${version}`, () => {
  for (const transcript of transcripts) {
    it(`${transcript.name} is replayed to the byte`, () => playTranscript(transcript, comparing));
  }

  it('show a success of every operation', () => {
    const shown = steps.flatMap((step, index) => {
      const next = steps.slice(index + 1).find(({ kind }) => kind === 'received');
      if (step.kind !== 'sent' || next?.kind !== 'received' || !/^20/.test(next.lines[0] ?? '')) return [];
      const [method = '', target = ''] = (step.lines[0] ?? '').replaceAll(/\{\{.*?\}\}/g, 'named').split(' ');
      return operationAt(version, method, target) ?? [];
    });
    const missing = Object.keys(operations[version]).filter((id) => !shown.some((known) => known === id));
    // These platforms sign what they push, with a stamp of the hour.
    assert.deepEqual(missing, ['receiveDiscord', 'receiveSlack', 'receiveWebhook']);
  });

  it('show every frame, in both directions', () => {
    const types = (kind: 'sent' | 'received') =>
      new Set(
        steps.flatMap((step) =>
          step.kind === kind ? step.lines.flatMap((line) => /"type": ?"(\w+)"/.exec(line)?.[1] ?? []) : [],
        ),
      );
    for (const type of Object.keys(messages[version])) assert.ok(types('sent').has(type), `${type} is never sent`);
    for (const type of Object.keys(said[version].serverFrames)) {
      assert.ok(types('received').has(type), `${type} never comes`);
    }
  });
});
