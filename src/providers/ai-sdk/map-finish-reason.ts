import type {
  LanguageModelV2FinishReason,
  LanguageModelV3FinishReason,
  LanguageModelV4FinishReason,
} from '@ai-sdk/provider';
import type { FinishReason } from '../../core/run.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';

/** A word in v2, the interface's and the vendor's word since v3. */
export type GivenReason = LanguageModelV2FinishReason | LanguageModelV3FinishReason | LanguageModelV4FinishReason;

/** Why the package says the answer ended → our word for it. A reason unknown to us is a normal end. */
export function mapFinishReason(given: GivenReason, calledTools: boolean): FinishReason {
  const { unified, raw } = typeof given === 'string' ? { unified: given, raw: given } : given;
  switch (unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'interrupted':
      throw new Malformed('ended before its finish');
    case 'error':
      throw new Reported({ type: 'server_error', message: `finish reason: ${raw ?? unified}` });
    case 'stop':
    case 'tool-calls':
    case 'other':
    case 'unknown':
      // Some say `stop` after a tool.
      return calledTools ? 'tool_calls' : 'stop';
  }
}

/** The vendor gave no reason: what packages say of a stream that was cut before there was `interrupted`. */
export function isUnsaid(given: GivenReason): boolean {
  return typeof given === 'string' ? given === 'unknown' : given.unified === 'other' && given.raw === undefined;
}
