import type { Behaviour } from './fake-behaviour.ts';
import { chunksOf, type FakeBody, type FakeWire, textFor, tokensIn } from './fake-wire.ts';

const id = 'resp_67ccd3a9da748190baa7f1570fe91ac604becb25c45c1d41';

/** OpenAI's responses, as Azure serves them too. */
export const fakeResponsesWire: FakeWire = {
  whole(request, behaviour) {
    const text = lastText(request, behaviour);
    return response(request, behaviour, itemsOf(text, behaviour), text);
  },

  stream(request, behaviour) {
    const text = lastText(request, behaviour);
    const opening = { ...response(request, behaviour, [], ''), status: 'in_progress', usage: null };
    const events: [type: string, members: object][] = [
      ['response.created', { response: opening }],
      ['response.in_progress', { response: opening }],
    ];
    const items = itemsOf(text, behaviour);
    for (const [output_index, item] of items.entries()) events.push(...itemEvents(item, output_index, text, behaviour));
    const last = response(request, behaviour, items, text);
    events.push([isCut(behaviour) ? 'response.incomplete' : 'response.completed', { response: last }]);
    return events.map(([type, members], sequence_number) => event(type, { sequence_number, ...members }));
  },

  error({ status = 400, code = null, message = 'The fake was told to fail.', param = null }) {
    return { error: { message, type: status >= 500 ? 'server_error' : 'invalid_request_error', param, code } };
  },

  errorEvent({ code = 'server_error', message = 'The fake was told to fail.', param = null }) {
    return event('error', { sequence_number: 9, code, message, param });
  },
};

type Item =
  | { type: 'message'; id: string; status: string; role: 'assistant'; content: object[] }
  | { type: 'function_call'; id: string; status: string; call_id: string; name: string; arguments: string };

/** The input's last message; what tools said has `output` where others have `content`. */
function lastText(request: FakeBody, behaviour: Behaviour): string {
  return textFor({ messages: request.input }, behaviour);
}

function itemsOf(text: string, { toolCalls = [], chunks }: Behaviour): Item[] {
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  return [
    ...(text === '' && chunks === undefined
      ? []
      : [{ type: 'message' as const, id: 'msg_0', status: 'completed', role: 'assistant' as const, content: [part] }]),
    ...toolCalls.map((call, n) => ({
      type: 'function_call' as const,
      id: `fc_${n}`,
      status: 'completed',
      call_id: `call_${n}`,
      ...call,
    })),
  ];
}

function itemEvents(
  item: Item,
  output_index: number,
  text: string,
  behaviour: Behaviour,
): [type: string, members: object][] {
  const at = { item_id: item.id, output_index };
  const done: [string, object] = ['response.output_item.done', { output_index, item }];
  const added = (empty: object): [string, object] => [
    'response.output_item.added',
    { output_index, item: { ...item, status: 'in_progress', ...empty } },
  ];
  if (item.type === 'function_call') {
    const pieces = item.arguments.match(/.{1,8}/gs) ?? [];
    return [
      added({ arguments: '' }),
      ...pieces.map((delta): [string, object] => ['response.function_call_arguments.delta', { ...at, delta }]),
      ['response.function_call_arguments.done', { ...at, arguments: item.arguments }],
      done,
    ];
  }
  const inPart = { ...at, content_index: 0 };
  return [
    added({ content: [] }),
    ['response.content_part.added', { ...inPart, part: { type: 'output_text', text: '', annotations: [] } }],
    ...chunksOf(text, behaviour).map((delta): [string, object] => ['response.output_text.delta', { ...inPart, delta }]),
    ['response.output_text.done', { ...inPart, text }],
    ['response.content_part.done', { ...inPart, part: item.content[0] }],
    done,
  ];
}

function response(request: FakeBody, behaviour: Behaviour, output: Item[], text: string): object {
  const cut = isCut(behaviour);
  return {
    id,
    object: 'response',
    created_at: 1_795_392_000,
    status: cut ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: cut ? { reason: behaviour.finish } : null,
    model: request.model,
    output,
    parallel_tool_calls: true,
    ...(behaviour.usage === false ? {} : { usage: usageOf(request, behaviour, text) }),
  };
}

/** It says why only when the answer is not whole. */
function isCut({ finish }: Behaviour): boolean {
  return finish !== undefined;
}

function usageOf(request: FakeBody, { cachedTokens = 0, reasoningTokens = 0 }: Behaviour, text: string): object {
  const input = tokensIn(JSON.stringify(request.input ?? ''));
  const output = tokensIn(text) + reasoningTokens;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: input + output,
  };
}

function event(type: string, members: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}
