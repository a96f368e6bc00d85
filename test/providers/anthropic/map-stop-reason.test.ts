import assert from 'node:assert/strict';
import { mapStopReason } from '../../../src/providers/anthropic/map-stop-reason.ts';

describe('map-stop-reason', () => {
  for (const [reason, calledTools, want] of [
    ['end_turn', false, 'stop'],
    ['stop_sequence', false, 'stop'],
    ['pause_turn', false, 'stop'],
    ['tool_use', true, 'tool_calls'],
    ['max_tokens', false, 'length'],
    ['max_tokens', true, 'length'],
    ['model_context_window_exceeded', false, 'length'],
    ['refusal', false, 'content_filter'],
    ['something new', false, 'stop'],
    [undefined, false, 'stop'],
  ] as const)
    it(`${reason}${calledTools ? ' after a call' : ''} is ${want}`, () => {
      assert.equal(mapStopReason(reason, calledTools), want);
    });
});
