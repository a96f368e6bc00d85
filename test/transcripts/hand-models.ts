import type { Clock } from '../../src/core/ports/clock.ts';
import type { ProviderCall, ProviderEvent } from '../../src/core/ports/provider.ts';
import {
  createScriptedProvider,
  type ScriptedProvider,
  type Step,
  text,
  toolCall,
} from '../support/scripted-provider.ts';

const usage = (inputTokens: number, outputTokens: number): ProviderEvent[] => [
  { type: 'finish', reason: 'stop', usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens } },
];

/** What the protocol's own examples say. */
const answers: Readonly<Record<string, readonly Step[]>> = {
  你好: [text('你好!'), text('有什么可以帮你的吗?'), usage(15, 12)],
  写一首诗: [text('春'), text('风'), text('拂面'), usage(20, 30)],
};

/** A provider whose models each do what their name says. */
export function createHandModels(clock: Clock): ScriptedProvider {
  const later = (seconds: number): Step => ({
    wait: new Promise<void>((resolve) => clock.after(seconds * 1000, resolve)),
  });
  const scripts: Readonly<Record<string, (call: ProviderCall) => readonly Step[]>> = {
    'gpt-4o': (call) => answers[saidIn(call)] ?? [text('You said: '), text(saidIn(call)), usage(3, 2)],
    'counts-nothing': () => [text('no figures'), [{ type: 'finish', reason: 'stop' }]],
    'calls-a-tool': () => [toolCall('call_1', 'get_weather'), [{ type: 'finish', reason: 'tool_calls' }]],
    'breaks-off': () => [text('春'), { fail: 'unavailable' }],
    'is-overloaded': () => [{ fail: 'rate_limited', retryAfterMs: 7000 }],
    'is-late': () => [{ fail: 'timeout' }],
    'refuses-the-gateway': () => [{ fail: 'unauthorized' }],
    'talks-nonsense': () => [{ fail: 'malformed' }],
    'refuses-the-request': () => [{ fail: 'invalid_request' }],
    'lacks-a-parameter': () => [{ fail: 'unsupported_parameter', parameter: 'temperature' }],
    'forgets-quickly': () => [{ fail: 'context_too_long' }],
    'takes-20-s': () => [later(20), text('at last'), usage(3, 2)],
    'fails-after-20-s': () => [later(20), { fail: 'unavailable' }],
  };
  return createScriptedProvider((call) => scripts[call.model]?.(call) ?? [{ fail: 'model_not_found' }], {
    name: 'openai',
    models: Object.keys(scripts),
  });
}

function saidIn({ messages }: ProviderCall): string {
  const parts = messages.at(-1)?.parts ?? [];
  return parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('');
}
