import assert from 'node:assert/strict';
import { type AnthropicProvider, createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type Behaviour, type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { startGateway, type TestGateway } from './start-gateway.ts';

/** A gateway between the clients that people have and a provider of each type. */
export interface Subject {
  gateway: TestGateway;
  fake: FakeProvider;
  openai: OpenAI;
  anthropic: Anthropic;
  ai: { openai: OpenAIProvider; anthropic: AnthropicProvider };
  /** What the fake says next, where it is the one who is asked. */
  script(type: ProviderType, behaviour: Behaviour): void;
  /**
   * Has somebody leave while they are answered a question that takes long: the run ends for that reason, and the call of
   * the provider with it.
   */
  leaving(type: ProviderType, leave: (question: string) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** By the type of the provider behind it. */
export const models = { echo: 'echo', openai: 'gpt-4o', anthropic: 'claude-sonnet-5-5' } as const;

export type ProviderType = keyof typeof models;

/** The providers that do as a test tells them. */
export const vendors = ['openai', 'anthropic'] as const;
export const everyType = ['echo', ...vendors] as const;

export async function startSubject(): Promise<Subject> {
  const fake = await startFakeProvider();
  const gateway = await startGateway({
    settings: {
      providers: {
        echo: { type: 'echo', models: [models.echo] },
        chat: { type: 'openai', baseUrl: fake.openaiUrl, apiKey: 'sk-upstream', models: [models.openai] },
        messages: { type: 'anthropic', baseUrl: fake.anthropicUrl, apiKey: 'sk-upstream', models: [models.anthropic] },
      },
      models: { routes: { any: [`messages/${models.anthropic}`, `chat/${models.openai}`] } },
    },
  });
  const at = { apiKey: gateway.adminKey, baseURL: `${gateway.url}/v1` };

  async function countLeft(): Promise<number> {
    const { text } = await gateway.request('GET', '/metrics');
    const counts = text.matchAll(/^\w+_run_duration_seconds_count\{.*outcome="CLIENT_CLOSED".*\} (\d+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  function script(type: ProviderType, behaviour: Behaviour): void {
    if (type !== 'echo') fake.next(behaviour);
  }

  return {
    gateway,
    fake,
    openai: new OpenAI({ ...at, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey: gateway.adminKey, baseURL: gateway.url, maxRetries: 0 }),
    ai: { openai: createOpenAI(at), anthropic: createAnthropic(at) },
    script,
    async leaving(type, leave) {
      const before = await countLeft();
      script(type, { chunks: 1000, chunkMs: 20 });
      await leave(type === 'echo' ? 'and so on '.repeat(20_000) : 'hi');
      // Asked over the network each time, which gives everybody a turn.
      while ((await countLeft()) === before);
      assert.equal(await countLeft(), before + 1);
      if (type === 'echo') return;
      const { aborted } = (await fake.requests.at(-1)?.closed) ?? assert.fail('nobody was asked');
      assert.equal(aborted, true);
    },
    async close() {
      await gateway.close();
      await fake.close();
    },
  };
}

export const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The bytes of it, as vendors put them into their words. */
export const pngData = png.slice(png.indexOf(',') + 1);

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
