import assert from 'node:assert/strict';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { callOf, gather, KEY, wireOptions, wires } from '../wires.ts';

const never = new AbortController().signal;

for (const { name, create } of wires) {
  describe(`requests on the ${name} wire`, () => {
    let fake: FakeProvider;
    before(async () => {
      fake = await startFakeProvider();
    });
    after(() => fake.close());

    async function headersSent(changes: Parameters<typeof wireOptions>[1]) {
      const provider = create(wireOptions(fake, changes));
      await gather(provider.call(callOf('hello', { stream: false }), never));
      await provider.close();
      return fake.requests.at(-1)?.headers ?? {};
    }

    it('go below the base URL, with the key', async () => {
      const headers = await headersSent({});
      assert.equal(fake.requests.at(-1)?.path, name === 'openai' ? '/v1/chat/completions' : '/v1/messages');
      assert.equal(headers['content-type'], 'application/json');
      if (name === 'openai') assert.equal(headers.authorization, `Bearer ${KEY}`);
      else assert.deepEqual([headers['x-api-key'], headers['anthropic-version']], [KEY, '2023-06-01']);
      assert.equal(headers['accept-encoding'], undefined, 'an answer would come compressed');
    });

    it('do not mind a slash at the end of the base URL', async () => {
      const count = fake.requests.length;
      await headersSent({ baseUrl: `${fake.openaiUrl}/` });
      assert.equal(fake.requests.length, count + 1);
      assert.equal(fake.requests.at(-1)?.path, name === 'openai' ? '/v1/chat/completions' : '/v1/messages');
    });

    it('carry no key where there is none', async () => {
      const provider = create(wireOptions(fake, { apiKeys: [], requireKey: false }));
      assert.equal(provider.configured, true);
      await gather(provider.call(callOf('hello', { stream: false }), never));
      const headers = fake.requests.at(-1)?.headers ?? {};
      assert.deepEqual([headers.authorization, headers['x-api-key']], [undefined, undefined]);
      await provider.close();
    });

    it("carry the operator's headers, which replace the wire's", async () => {
      const headers = await headersSent({ headers: { 'X-Team': 'red', 'User-Agent': 'mine' } });
      assert.deepEqual([headers['x-team'], headers['user-agent']], ['red', 'mine']);
    });

    it('are not made without the key that they need', () => {
      for (const apiKeys of [[], ['']])
        assert.equal(create(wireOptions(fake, { apiKeys, requireKey: true })).configured, false);
    });
  });
}
