import assert from 'node:assert/strict';
import { mapFinishReason } from '../../../src/providers/openai/map-finish-reason.ts';
import { Reported } from '../../../src/providers/wire/bad-answer.ts';

describe('map-finish-reason', () => {
  for (const [reason, calledTools, want] of [
    ['stop', false, 'stop'],
    ['stop', true, 'tool_calls'],
    ['tool_calls', true, 'tool_calls'],
    ['function_call', true, 'tool_calls'],
    ['length', false, 'length'],
    ['length', true, 'length'],
    ['model_length', false, 'length'],
    ['content_filter', false, 'content_filter'],
    ['eos', false, 'stop'],
    [undefined, false, 'stop'],
    [undefined, true, 'tool_calls'],
  ] as const)
    it(`${reason}${calledTools ? ' after a call' : ''} is ${want}`, () => {
      assert.equal(mapFinishReason(reason, calledTools), want);
    });

  for (const reason of ['error', 'insufficient_system_resource'])
    it(`${reason} is no end at all`, () => {
      assert.throws(() => mapFinishReason(reason, false), Reported);
    });
});
