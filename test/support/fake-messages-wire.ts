import type { Behaviour } from './fake-behaviour.ts';
import { chunksOf, type FakeBody, type FakeWire, textFor, tokensIn } from './fake-wire.ts';

const id = 'msg_01XFDUDYJgAACzvnptvVoYEL';

/** The messages wire, as Anthropic documents it. */
export const fakeMessagesWire: FakeWire = {
  whole(request, behaviour) {
    const text = textFor(request, behaviour);
    const content = [
      ...(text === '' ? [] : [{ type: 'text', text, citations: null }]),
      ...(behaviour.toolCalls ?? []).map((call, n) => ({
        type: 'tool_use',
        id: `toolu_${n}`,
        name: call.name,
        input: JSON.parse(call.arguments),
      })),
    ];
    return { ...head(request), content, ...ending(behaviour), ...usage(request, behaviour, tokensIn(text)) };
  },

  stream(request, behaviour) {
    const text = textFor(request, behaviour);
    const opening = { ...head(request), content: [], stop_reason: null, stop_sequence: null };
    const events = [
      event('message_start', { message: { ...opening, ...usage(request, behaviour, 1) } }),
      event('ping', {}),
    ];
    let index = 0;
    if (text !== '' || behaviour.chunks !== undefined) {
      const deltas = chunksOf(text, behaviour).map((chunk) => ({ type: 'text_delta', text: chunk }));
      events.push(...block(index++, { type: 'text', text: '' }, deltas));
    }
    for (const [n, call] of (behaviour.toolCalls ?? []).entries()) {
      const pieces = ['', ...(call.arguments.match(/.{1,8}/gs) ?? [])];
      const deltas = pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
      events.push(...block(index++, { type: 'tool_use', id: `toolu_${n}`, name: call.name, input: {} }, deltas));
    }
    const final = behaviour.usage === false ? {} : { usage: { output_tokens: tokensIn(text) } };
    events.push(event('message_delta', { delta: ending(behaviour), ...final }), event('message_stop', {}));
    return events;
  },

  error: errorOf,

  errorEvent(behaviour) {
    return `event: error\ndata: ${JSON.stringify(errorOf({ code: 'overloaded_error', ...behaviour }))}\n\n`;
  },
};

function errorOf({ status = 400, code, message = 'The fake was told to fail.' }: Behaviour): object {
  const type = code ?? types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' };
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function block(index: number, content: object, deltas: object[]): string[] {
  return [
    event('content_block_start', { index, content_block: content }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ];
}

function head({ model }: FakeBody): object {
  return { id, type: 'message', role: 'assistant', model };
}

function ending({ finish, toolCalls }: Behaviour): object {
  return { stop_reason: finish ?? (toolCalls ? 'tool_use' : 'end_turn'), stop_sequence: null };
}

function usage(request: FakeBody, behaviour: Behaviour, output: number): object {
  if (behaviour.usage === false) return {};
  const input = tokensIn(JSON.stringify(request.messages ?? ''));
  return {
    usage: {
      input_tokens: input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: behaviour.cachedTokens ?? 0,
      output_tokens: output,
      service_tier: 'standard',
    },
  };
}
