import type { Behaviour } from './fake-behaviour.ts';
import { chunksOf, type FakeBody, type FakeWire, textFor, tokensIn } from './fake-wire.ts';

const id = 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG';
const created = 1_795_392_000;

/** The chat-completions wire, as OpenAI documents it. */
export const fakeChatWire: FakeWire = {
  whole(request, behaviour) {
    const text = textFor(request, behaviour);
    const toolCalls = behaviour.toolCalls?.map((call, n) => ({ id: `call_${n}`, type: 'function', function: call }));
    const message = {
      role: 'assistant',
      content: toolCalls && text === '' ? null : text,
      ...(toolCalls ? { tool_calls: toolCalls } : {}),
      refusal: null,
      annotations: [],
    };
    return {
      id,
      object: 'chat.completion',
      created,
      model: request.model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(behaviour) }],
      ...(behaviour.usage === false ? {} : { usage: usageOf(request, behaviour, text) }),
      service_tier: 'default',
      system_fingerprint: 'fp_44709d6fcb',
    };
  },

  stream(request, behaviour) {
    const text = textFor(request, behaviour);
    const chunk = (delta: object, finish: string | null = null) =>
      event({ ...head(request), choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
    const events = [chunk({ role: 'assistant', content: behaviour.toolCalls ? null : '', refusal: null })];
    for (const content of chunksOf(text, behaviour)) events.push(chunk({ content }));
    for (const [index, call] of (behaviour.toolCalls ?? []).entries()) {
      const begin = { index, id: `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } };
      events.push(chunk({ tool_calls: [begin] }));
      for (const piece of call.arguments.match(/.{1,8}/gs) ?? [])
        events.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
    }
    events.push(chunk({}, finishOf(behaviour)));
    if (behaviour.usage !== false && wantsUsage(request))
      events.push(event({ ...head(request), choices: [], usage: usageOf(request, behaviour, text) }));
    events.push('data: [DONE]\n\n');
    return events;
  },

  error(behaviour) {
    const { status = 400, code = null, message = 'The fake was told to fail.', param = null } = behaviour;
    const type = status >= 500 || behaviour.errorInside ? 'server_error' : 'invalid_request_error';
    return { error: { message, type, param, code } };
  },

  errorEvent(behaviour) {
    return event(fakeChatWire.error(behaviour));
  },
};

function head({ model }: FakeBody): object {
  return { id, object: 'chat.completion.chunk', created, model, system_fingerprint: 'fp_44709d6fcb' };
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function finishOf({ finish, toolCalls }: Behaviour): string {
  return finish ?? (toolCalls ? 'tool_calls' : 'stop');
}

function wantsUsage({ stream_options: options }: FakeBody): boolean {
  return (
    typeof options === 'object' && options !== null && 'include_usage' in options && options.include_usage === true
  );
}

function usageOf(request: FakeBody, { cachedTokens = 0, reasoningTokens = 0 }: Behaviour, text: string): object {
  const input = tokensIn(JSON.stringify(request.messages ?? ''));
  const output = tokensIn(text) + reasoningTokens;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, audio_tokens: 0 },
  };
}
