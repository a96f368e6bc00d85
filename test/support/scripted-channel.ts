import type {
  Channel,
  ChannelManifest,
  Chunk,
  InboundEvent,
  OutboundSend,
  RawWebhook,
  ReplyTarget,
  SentMessage,
} from '../../src/core/ports/channel.ts';

/** What the platform does with a call: nothing means that it takes it. */
export type Reaction = (call: ChannelCall, index: number, signal: AbortSignal) => Promise<void> | void;

export type ChannelCall =
  | { call: 'send'; at: number; message: string; outbound: OutboundSend }
  | { call: 'edit'; at: number; message: string; outbound: OutboundSend }
  | { call: 'typing'; at: number; target: ReplyTarget };

export interface ScriptedChannel extends Channel {
  /** Every call, taken or not. */
  readonly calls: ChannelCall[];
  /** What stands at the platform: the texts of the messages, in their order. */
  shown(): string[];
  /** From now on the platform reacts so. */
  react(reaction: Reaction): void;
}

export interface ScriptedChannelOptions {
  manifest?: Partial<ChannelManifest>;
  configured?: boolean;
  now?: () => number;
  apologizes?: boolean;
  edits?: boolean;
}

/**
 * A platform that does what it was told. A webhook is the JSON of its events, authentic unless its header `forged` is there; a
 * blank line ends a chunk.
 */
export function createScriptedChannel(options: ScriptedChannelOptions = {}): ScriptedChannel {
  const { configured = true, now = () => 0, edits = true } = options;
  const calls: ChannelCall[] = [];
  const messages = new Map<string, string>();
  let reaction: Reaction = () => {};
  let made = 0;

  async function take(call: ChannelCall, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    calls.push(call);
    await reaction(call, calls.length - 1, signal);
    if (call.call === 'typing') return;
    const { chunk, plain } = call.outbound;
    messages.set(call.message, plain ? chunk.plain : chunk.text);
  }

  async function send(outbound: OutboundSend, signal: AbortSignal): Promise<SentMessage> {
    made += 1;
    const message = `m${made}`;
    await take({ call: 'send', at: now(), message, outbound }, signal);
    return { message };
  }

  return {
    manifest: {
      name: 'scripted',
      bodyLimit: 1_000_000,
      contentTypes: ['application/json'],
      acknowledgeWithinMs: 3000,
      redeliversForMs: 60_000,
      textLimit: { length: 1000, unit: 'utf16' },
      idempotentSend: false,
      ...options.manifest,
    },
    configured,
    calls,
    shown: () => [...messages.values()],
    react(wanted) {
      reaction = wanted;
    },
    authenticate: ({ headers }) =>
      headers.forged === undefined ? { accepted: true } : { accepted: false, reason: 'it is forged' },
    handshake: ({ headers }) => (headers.challenge === undefined ? undefined : { status: 200, body: 'shake' }),
    parse: ({ body }) => JSON.parse(body.toString()),
    acknowledge: (events) => ({ status: 200, body: String(events.length) }),
    ...(options.apologizes ? { apologize: () => ({ status: 200, body: 'sorry' }) } : {}),
    render: toChunks,
    send,
    ...(edits
      ? {
          edit: ({ message, ...outbound }: OutboundSend & { message: string }, signal: AbortSignal) =>
            take({ call: 'edit', at: now(), message, outbound }, signal),
        }
      : {}),
    typing: (target, signal) => take({ call: 'typing', at: now(), target }, signal),
    async close() {},
  };
}

function toChunks(markdown: string): Chunk[] {
  return markdown.split('\n\n').map((text) => ({ text: `<${text}>`, plain: text }));
}

let eventsMade = 0;

/** A message that somebody wrote. Every id is new. */
export function inboundOf(more: Partial<InboundEvent> = {}): InboundEvent {
  eventsMade += 1;
  const id = `e${eventsMade}`;
  return {
    kind: 'message',
    id,
    dedupeKeys: [`id:${id}`],
    conversation: 'home',
    conversationKind: 'direct',
    sender: { id: 'ann', isBot: false, isSelf: false },
    text: `question ${eventsMade}`,
    target: { address: { to: more.conversation ?? 'home' } },
    ...more,
  };
}

export function webhookOf(events: readonly InboundEvent[], headers: RawWebhook['headers'] = {}): RawWebhook {
  const body = Buffer.from(JSON.stringify(events));
  return { method: 'POST', path: '/webhook/scripted', headers, body, receivedAt: 0 };
}
