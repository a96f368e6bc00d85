import { eventStreamFrame } from './event-stream-frame.ts';
import type { Behaviour } from './fake-behaviour.ts';
import { chunksOf, type FakeBody, type FakeWire, textFor, tokensIn } from './fake-wire.ts';

/** Bedrock's Converse and ConverseStream, as AWS documents them. */
export const fakeConverseWire: FakeWire = {
  streamType: 'application/vnd.amazon.eventstream',

  whole(request, behaviour) {
    const text = textFor(request, behaviour);
    const content = [
      ...(text === '' ? [] : [{ text }]),
      ...(behaviour.toolCalls ?? []).map(({ name, arguments: given }, n) => ({
        toolUse: { toolUseId: `tooluse_${n}`, name, input: JSON.parse(given) },
      })),
    ];
    return {
      metrics: { latencyMs: 551 },
      output: { message: { role: 'assistant', content } },
      stopReason: stopReason(behaviour),
      ...usage(request, behaviour, text),
    };
  },

  stream(request, behaviour) {
    const text = textFor(request, behaviour);
    const events = [event('messageStart', { role: 'assistant' })];
    let contentBlockIndex = 0;
    if (text !== '' || behaviour.chunks !== undefined) {
      // A block of text has no start.
      for (const chunk of chunksOf(text, behaviour))
        events.push(event('contentBlockDelta', { contentBlockIndex, delta: { text: chunk } }));
      events.push(event('contentBlockStop', { contentBlockIndex: contentBlockIndex++ }));
    }
    for (const [n, { name, arguments: given }] of (behaviour.toolCalls ?? []).entries()) {
      const start = { toolUse: { toolUseId: `tooluse_${n}`, name } };
      events.push(event('contentBlockStart', { contentBlockIndex, start }));
      for (const input of given.match(/.{1,8}/gs) ?? [])
        events.push(event('contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input } } }));
      events.push(event('contentBlockStop', { contentBlockIndex: contentBlockIndex++ }));
    }
    const metadata = { metrics: { latencyMs: 551 }, ...usage(request, behaviour, text) };
    return [...events, event('messageStop', { stopReason: stopReason(behaviour) }), event('metadata', metadata)];
  },

  /** What kind of error it is stands in the header `x-amzn-errortype` alone. */
  error: ({ message = 'The fake was told to fail.' }) => ({ message }),

  errorEvent({ code = 'serviceUnavailableException', message = 'The fake was told to fail.' }) {
    const headers = { ':exception-type': code, ':content-type': 'application/json', ':message-type': 'exception' };
    return eventStreamFrame(headers, { message });
  },
};

/** `p` is padding, so that the length of a frame tells nothing of what is in it. */
function event(type: string, payload: object): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return eventStreamFrame(headers, { ...payload, p: 'abcdefghijklmnop' });
}

function stopReason({ finish, toolCalls }: Behaviour): string {
  return finish ?? (toolCalls ? 'tool_use' : 'end_turn');
}

/** Without what was read from a cache, or written to it, which is counted beside. */
function usage(request: FakeBody, behaviour: Behaviour, text: string): object {
  if (behaviour.usage === false) return {};
  const inputTokens = tokensIn(JSON.stringify(request.messages ?? ''));
  const outputTokens = tokensIn(text);
  const { cachedTokens: cacheReadInputTokens = 0 } = behaviour;
  const totalTokens = inputTokens + outputTokens + cacheReadInputTokens;
  return { usage: { inputTokens, outputTokens, totalTokens, cacheReadInputTokens, cacheWriteInputTokens: 0 } };
}
