import fc from 'fast-check';
import { answers } from '../../../generated/validators/openai.answers.js';
import { Answer } from '../../../src/core/answer.ts';
import type { AnswerPiece } from '../../../src/core/completion.ts';
import type { Part } from '../../../src/core/message.ts';
import type { FinishReason } from '../../../src/core/run.ts';

/** An answer as a provider sends it: text, then calls, each in several pieces; in batches. */
export function arbitraryPieces(): fc.Arbitrary<AnswerPiece[][]> {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  const texts = fc.array(
    text.map((value): AnswerPiece => ({ type: 'text', text: value })),
    { maxLength: 4 },
  );
  const calls = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.array(text, { maxLength: 3 })), {
    maxLength: 3,
  });
  return fc.tuple(texts, calls, fc.infiniteStream(fc.nat({ max: 3 }))).map(([said, called, sizes]) => {
    const pieces = [
      ...said,
      ...called.flatMap(([name, json], index): AnswerPiece[] => [
        { type: 'tool_call', index, id: `call_${index}`, name, arguments: '' },
        ...json.map((value): AnswerPiece => ({ type: 'tool_call', index, arguments: value })),
      ]),
    ];
    return cut(pieces, sizes);
  });
}

/** What all pieces say together. */
export function gathered(pieces: readonly AnswerPiece[]): Part[] {
  const answer = new Answer();
  for (const piece of pieces) answer.add(piece);
  return answer.parts();
}

/** Why such an answer may have ended. */
export function reasonsOf(pieces: readonly AnswerPiece[]): FinishReason[] {
  const calls = pieces.some(({ type }) => type === 'tool_call');
  return [calls ? 'tool_calls' : 'stop', 'length', 'content_filter'];
}

/** Whether a body keeps to the contract, which has no member too many. */
export function isAsWhole(operation: string, body: string): boolean {
  return answers[operation]?.['200']?.['application/json']?.(JSON.parse(body)) ?? false;
}

function cut(pieces: readonly AnswerPiece[], sizes: Iterator<number>): AnswerPiece[][] {
  const batches: AnswerPiece[][] = [];
  for (let at = 0; at < pieces.length; ) {
    const size = sizes.next().value ?? 1;
    batches.push(pieces.slice(at, at + size));
    at += size;
    if (batches.length > 1000) break;
  }
  return batches;
}
