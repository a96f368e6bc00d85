/** What the fake provider does with one request. An empty one echoes the last user message, as a good provider would. */
export interface Behaviour {
  /** Answered instead of the echo. */
  text?: string;
  toolCalls?: { name: string; arguments: string }[];
  /** Why the answer ends, in the wire's own word. */
  finish?: string;
  /** False leaves the usage out. */
  usage?: boolean;
  /** Counted in the usage: what was read from a cache, what was thought, on the wires that tell it. */
  cachedTokens?: number;
  reasoningTokens?: number;
  /** So many chunks of a stream, made up, instead of the words of the text. */
  chunks?: number;

  /** Milliseconds before the first byte. */
  firstByteMs?: number;
  /** Milliseconds between two chunks; without it they come as fast as they are read. */
  chunkMs?: number;
  /** Writes the body in pieces of so many bytes, each in a packet of its own. */
  splitBytes?: number;

  /** An error answer of this status, in the wire's own shape unless `body` is given. */
  status?: number;
  /** The wire's word for the error: `code` at OpenAI, `type` at Anthropic. */
  code?: string;
  message?: string;
  param?: string;
  headers?: Record<string, string>;
  /** Begins as a success, and reports this error (see `code`) inside after the first chunk. */
  errorInside?: boolean;

  /** Exactly these bytes. */
  body?: string | Uint8Array;
  contentType?: string;
  /** Breaks the connection after so many bytes of the body. */
  cutAt?: number;
  /** Ends the body in good form after so many bytes. */
  endAt?: number;
  /** Falls silent after so many bytes of the body; -1: not even a head is sent. */
  hangAt?: number;
}

/**
 * A behaviour from a model's name, for callers who can choose nothing else: `fake-d60-c100-i20` waits 60 ms, then
 * streams 100 chunks, 20 ms apart. Also `s429` (status), `x120` (cut at byte 120), `h0` (hang at byte 0), `n` (no usage).
 */
export function behaviourOf(model: unknown): Behaviour {
  if (typeof model !== 'string' || !model.startsWith('fake-')) return {};
  const behaviour: Behaviour = {};
  for (const [, letter, digits] of model.matchAll(/-([a-z])(\d*)/g)) {
    const value = Number(digits);
    if (letter === 'd') behaviour.firstByteMs = value;
    else if (letter === 'c') behaviour.chunks = value;
    else if (letter === 'i') behaviour.chunkMs = value;
    else if (letter === 's') behaviour.status = value;
    else if (letter === 'x') behaviour.cutAt = value;
    else if (letter === 'h') behaviour.hangAt = value;
    else if (letter === 'n') behaviour.usage = false;
  }
  return behaviour;
}
