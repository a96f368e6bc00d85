import type { AiSdkOptions } from '../../../src/providers/ai-sdk/index.ts';
import type { FakeProvider } from '../../support/fake-provider.ts';
import { KEY } from '../wires.ts';
import { sdkOptions } from './made-package.ts';

/** A package that is installed, set up for a wire that the fake provider speaks. */
export interface RealPackage {
  title: string;
  package: string;
  api?: string;
  wire: 'chat' | 'messages' | 'gemini' | 'responses' | 'converse';
  /** Besides where the vendor is. */
  settings: Record<string, unknown>;
  /** The vendor's address, behind the fake's. */
  base: string;
  /** Where a call goes. */
  path: string;
  /** Where its stream goes, if elsewhere. */
  streamPath?: string;
  key: { header: string; is: string | RegExp };
  /** The wire's own words: an answer ended by its limit, and too many requests in the midst of a stream. */
  words: { length: string; rateLimited: string };
  /** Whether the wire counts what was thought beside what was said. */
  countsThoughts: boolean;
  /** One that the package knows to follow a schema by itself; with others it makes the answer a tool's arguments. */
  strictModel: string;
}

const secrets = { apiKey: KEY };

export const realPackages: readonly RealPackage[] = [
  {
    title: '@ai-sdk/openai',
    package: '@ai-sdk/openai',
    api: 'chat',
    wire: 'chat',
    settings: secrets,
    base: '/v1',
    path: '/v1/chat/completions',
    key: { header: 'authorization', is: `Bearer ${KEY}` },
    words: { length: 'length', rateLimited: 'rate_limit_exceeded' },
    countsThoughts: true,
    strictModel: 'gpt-4o',
  },
  {
    title: '@ai-sdk/anthropic',
    package: '@ai-sdk/anthropic',
    api: 'messages',
    wire: 'messages',
    settings: secrets,
    base: '/v1',
    path: '/v1/messages',
    key: { header: 'x-api-key', is: KEY },
    words: { length: 'max_tokens', rateLimited: 'rate_limit_error' },
    countsThoughts: false,
    strictModel: 'claude-sonnet-4-5',
  },
  {
    title: '@ai-sdk/google',
    package: '@ai-sdk/google',
    wire: 'gemini',
    settings: secrets,
    base: '/v1beta',
    path: '/v1beta/models/model:generateContent',
    streamPath: '/v1beta/models/model:streamGenerateContent?alt=sse',
    key: { header: 'x-goog-api-key', is: KEY },
    words: { length: 'MAX_TOKENS', rateLimited: 'RESOURCE_EXHAUSTED' },
    countsThoughts: true,
    strictModel: 'gemini-2.5-pro',
  },
  {
    title: '@ai-sdk/google-vertex',
    package: '@ai-sdk/google-vertex',
    wire: 'gemini',
    settings: secrets,
    base: '/v1/publishers/google',
    path: '/v1/publishers/google/models/model:generateContent',
    streamPath: '/v1/publishers/google/models/model:streamGenerateContent?alt=sse',
    key: { header: 'x-goog-api-key', is: KEY },
    words: { length: 'MAX_TOKENS', rateLimited: 'RESOURCE_EXHAUSTED' },
    countsThoughts: true,
    strictModel: 'gemini-2.5-pro',
  },
  {
    title: '@ai-sdk/azure',
    package: '@ai-sdk/azure',
    wire: 'responses',
    settings: secrets,
    base: '/openai/v1',
    path: '/openai/v1/responses',
    key: { header: 'api-key', is: KEY },
    words: { length: 'max_output_tokens', rateLimited: 'rate_limit_exceeded' },
    countsThoughts: true,
    strictModel: 'gpt-4o',
  },
  {
    title: '@ai-sdk/azure by deployment',
    package: '@ai-sdk/azure',
    api: 'chat',
    wire: 'chat',
    settings: { ...secrets, useDeploymentBasedUrls: true, apiVersion: '2024-10-21' },
    base: '/openai',
    path: '/openai/deployments/model/chat/completions?api-version=2024-10-21',
    key: { header: 'api-key', is: KEY },
    words: { length: 'length', rateLimited: 'rate_limit_exceeded' },
    countsThoughts: true,
    strictModel: 'gpt-4o',
  },
  {
    title: '@ai-sdk/amazon-bedrock',
    package: '@ai-sdk/amazon-bedrock',
    wire: 'converse',
    settings: { region: 'eu-north-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: KEY },
    base: '',
    path: '/model/model/converse',
    streamPath: '/model/model/converse-stream',
    key: {
      header: 'authorization',
      is: /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-north-1\/bedrock\/aws4_request, /,
    },
    words: { length: 'max_tokens', rateLimited: 'throttlingException' },
    countsThoughts: false,
    strictModel: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
  },
];

export function realOptions(
  real: Pick<RealPackage, 'package' | 'api' | 'settings' | 'base'>,
  fake: Pick<FakeProvider, 'openaiUrl'>,
  changes: Partial<AiSdkOptions> = {},
): AiSdkOptions {
  const { origin } = new URL(fake.openaiUrl);
  return sdkOptions({
    package: real.package,
    ...(real.api === undefined ? {} : { api: real.api }),
    settings: { ...real.settings, baseURL: `${origin}${real.base}` },
    ...changes,
  });
}
