import assert from 'node:assert/strict';
import { ProviderError } from '../../../src/core/errors.ts';
import { createAnthropicProvider } from '../../../src/providers/anthropic/index.ts';
import { startFakeProvider } from '../../support/fake-provider.ts';
import { bodyOf, forward, forwardOf } from '../forwards.ts';
import { wireOptions } from '../wires.ts';

describe('counting tokens', () => {
  it('is handed on, and costs nothing', async () => {
    const fake = await startFakeProvider();
    const provider = createAnthropicProvider(wireOptions(fake));
    const call = forwardOf('anthropic', bodyOf('hello'), { dialect: 'count-tokens' });
    const { text, finish } = await forward(provider, call);
    assert.equal(fake.requests[0]?.path, '/v1/messages/count_tokens');
    assert.ok(JSON.parse(text).input_tokens > 0);
    assert.deepEqual(finish, { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 } });
    for (const body of ['{"type":"error","error":{"type":"api_error","message":"m"}}', '{"input_tokens":"many"}']) {
      fake.next({ body });
      const { error } = await forward(provider, call);
      assert.ok(error instanceof ProviderError);
    }
    await provider.close();
    await fake.close();
  });
});
