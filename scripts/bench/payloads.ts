/** What is sent and answered in every measurement: bodies of the sizes that the limits were set with. */

const sentence =
  'A gateway stands between programs, chat platforms and language models, and “adds” as little as it can. ';

function fill(bytes: number): string {
  let text = '';
  while (Buffer.byteLength(text + sentence) <= bytes) text += sentence;
  return text.padEnd(text.length + bytes - Buffer.byteLength(text), '.');
}

/** A body of exactly so many bytes, with a text that makes up for what is missing. */
function sized(bytes: number, make: (text: string) => object): string {
  const missing = bytes - Buffer.byteLength(JSON.stringify(make('')));
  return JSON.stringify(make(fill(missing)));
}

const requestBytes = 1009;
const answerBytes = 954;

export type Ask = { model: string; stream: boolean; sessionId?: string };

/** As clients of `/api/v1/chat` send it. */
export function chatRequest(ask: Ask): string {
  return sized(requestBytes, (message) => ({ channel: 'api', message, ...ask }));
}

/** As clients of `/api/v2/chat` send it. */
export function partsRequest(ask: Ask): string {
  return sized(requestBytes, (text) => ({ channel: 'api', input: [{ type: 'text', text }], ...ask }));
}

/** As clients of the upstream send it. */
export function completionRequest({ model, stream }: Ask): string {
  return sized(requestBytes, (content) => ({
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content },
    ],
    stream,
  }));
}

export const completion = sized(answerBytes, (content) => ({
  id: 'chatcmpl-9xT2kQ7vB4nR1mZ8',
  object: 'chat.completion',
  created: 1_772_000_000,
  model: 'bench',
  choices: [
    { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 241, completion_tokens: 152, total_tokens: 393 },
}));

/** One of a stream's chunks, as an event. */
export function completionChunk(delta: object, rest: object = {}): string {
  const chunk = {
    id: 'chatcmpl-9xT2kQ7vB4nR1mZ8',
    object: 'chat.completion.chunk',
    created: 1_772_000_000,
    model: 'bench',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
    ...rest,
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/** What stands once in each piece of a streamed text, and nowhere else in the stream. */
export const pieceMarks = {
  upstream: '"content":"',
  v1: '"content":"',
  v2: '"type":"message.delta"',
  passed: '"content":"',
};
