import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import OpenAI from 'openai';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { startGateway, type TestGateway } from './start-gateway.ts';

/** A gateway between the clients that people have and a provider of each type. */
export interface Subject {
  gateway: TestGateway;
  fake: FakeProvider;
  openai: OpenAI;
  ai: OpenAIProvider;
  close(): Promise<void>;
}

/** By the type of the provider behind it. */
export const models = { echo: 'echo', openai: 'gpt-4o', anthropic: 'claude-sonnet-4-5' } as const;

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
    },
  });
  const at = { apiKey: gateway.adminKey, baseURL: `${gateway.url}/v1` };
  return {
    gateway,
    fake,
    openai: new OpenAI({ ...at, maxRetries: 0 }),
    ai: createOpenAI(at),
    async close() {
      await gateway.close();
      await fake.close();
    },
  };
}

export const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
