import { readdirSync, readFileSync } from 'node:fs';
import type { Provider, ProviderCall, ProviderEvent } from '../../src/core/ports/provider.ts';
import { createAnthropicProvider, messagesDialect } from '../../src/providers/anthropic/index.ts';
import { chatDialect, createOpenAiProvider } from '../../src/providers/openai/index.ts';
import { AnswerDecoder } from '../../src/providers/wire/answer-decoder.ts';
import type { Dialect } from '../../src/providers/wire/dialect.ts';
import type { WireOptions } from '../../src/providers/wire/wire-options.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { FakeProvider } from '../support/fake-provider.ts';

/** The two wires, for what is true of both. */
export const wires: readonly Wire[] = [
  { name: 'openai', create: createOpenAiProvider, dialect: chatDialect('http://127.0.0.1/v1') },
  { name: 'anthropic', create: createAnthropicProvider, dialect: messagesDialect(4096) },
];

export interface Wire {
  name: 'openai' | 'anthropic';
  create(options: WireOptions): Provider;
  dialect: Dialect;
}

export const KEY = 'sk-canary-0123456789';

/** Deadlines that no test runs into by the way. */
export const patient = { connectMs: 20_000, firstChunkMs: 20_000, idleMs: 20_000, totalMs: 60_000 };

export function wireOptions(fake: Pick<FakeProvider, 'openaiUrl'>, changes: Partial<WireOptions> = {}): WireOptions {
  return {
    name: 'fake',
    baseUrl: fake.openaiUrl,
    apiKeys: [KEY],
    models: ['model'],
    clock: systemClock,
    deadlines: patient,
    maxAnswerBytes: 4 * 1024 * 1024,
    requireKey: true,
    ...changes,
  };
}

export function callOf(text: string, changes: Partial<ProviderCall> = {}): ProviderCall {
  return { model: 'model', messages: [{ role: 'user', parts: [{ type: 'text', text }] }], stream: true, ...changes };
}

export interface Outcome {
  batches: ProviderEvent[][];
  events: ProviderEvent[];
  error?: unknown;
}

/** Everything that comes, and what it ended with. */
export async function gather(answer: AsyncIterable<ProviderEvent[]>): Promise<Outcome> {
  const batches: ProviderEvent[][] = [];
  try {
    for await (const batch of answer) batches.push(batch);
    return { batches, events: batches.flat() };
  } catch (error) {
    return { batches, events: batches.flat(), error };
  }
}

export function textIn(events: readonly ProviderEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

/** The same with no network: a streamed body in the pieces given. */
export function decode(dialect: Dialect, pieces: readonly Buffer[]): { events: ProviderEvent[]; error?: unknown } {
  const decoder = new AnswerDecoder(dialect.readStream());
  const events: ProviderEvent[] = [];
  try {
    for (const piece of pieces) events.push(...decoder.feed(piece));
    events.push(...decoder.end());
    return { events };
  } catch (error) {
    return { events: [...events, ...decoder.rest()], error };
  }
}

/** The streamed bodies of a wire's fixtures, by their case. */
export function transcripts(wire: Wire['name']): Map<string, Buffer> {
  const folder = new URL(`../fixtures/${wire}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.chunks.txt'));
  return new Map(files.map((file) => [file.replace('.chunks.txt', ''), readFileSync(new URL(file, folder))]));
}

export function wholeAnswer(wire: Wire['name'], name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${wire}/${name}.json`, import.meta.url), 'utf8'));
}
