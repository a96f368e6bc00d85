import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { ProviderError } from '../../../src/core/errors.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { steady, until } from '../../support/until.ts';
import { bodyOf, forward, forwardOf } from '../forwards.ts';
import { callOf, gather, KEY, transcripts, wholeAnswer, wireOptions, wires } from '../wires.ts';

const MiB = 1024 * 1024;

for (const { name, create } of wires) {
  describe(`handing on requests in the words of the ${name} wire`, () => {
    let fake: FakeProvider;
    before(async () => {
      fake = await startFakeProvider();
    });
    after(() => fake.close());

    const path = name === 'openai' ? '/v1/chat/completions' : '/v1/messages';
    const other = name === 'openai' ? 'messages' : 'chat-completions';

    it('says which words it takes, and takes no others', async () => {
      const provider = create(wireOptions(fake));
      assert.deepEqual(
        provider.dialects,
        name === 'openai' ? ['chat-completions', 'embeddings'] : ['messages', 'count-tokens'],
      );
      const { error } = await forward(provider, forwardOf(name, bodyOf('hello'), { dialect: other }));
      assert.ok(error instanceof ProviderError && error.kind === 'invalid_request');
      await provider.close();
    });

    it('sends the bytes as they are, but for the model', async () => {
      const provider = create(wireOptions(fake));
      const text = '{ "messages":[{"role":"user","content":"\\u0068i \\/ Grüße"}],"model":"x", "temperature":1.0 }';
      const { error } = await forward(provider, forwardOf(name, text));
      assert.equal(error, undefined);
      const request = fake.requests.at(-1);
      assert.equal(request?.path, path);
      assert.equal(request.bytes.toString(), text.replace('"x"', '"their-model"'));
      await provider.close();
    });

    it("sends the vendor's own headers of the client, and none else", async () => {
      const provider = create(wireOptions(fake, { headers: { 'x-team': 'red' } }));
      const headers = {
        'anthropic-beta': 'files-2025-04-14',
        'anthropic-version': '2024-01-01',
        'openai-beta': 'assistants=v2',
        authorization: 'Bearer of-the-client',
        'x-api-key': 'of-the-client',
        'x-other': 'no',
      };
      await forward(provider, forwardOf(name, bodyOf('hello'), { headers }));
      const sent = fake.requests.at(-1)?.headers ?? {};
      const got = ['anthropic-beta', 'anthropic-version', 'openai-beta', 'x-other', 'x-team'].map((one) => sent[one]);
      if (name === 'openai') assert.deepEqual(got, [undefined, undefined, 'assistants=v2', undefined, 'red']);
      else assert.deepEqual(got, ['files-2025-04-14', '2024-01-01', undefined, undefined, 'red']);
      assert.equal(
        name === 'openai' ? sent.authorization : sent['x-api-key'],
        name === 'openai' ? `Bearer ${KEY}` : KEY,
      );
      assert.equal(JSON.stringify(sent).includes('of-the-client'), false);
      await provider.close();
    });

    it("sends the client's betas beside the operator's", async () => {
      const beta = name === 'openai' ? 'openai-beta' : 'anthropic-beta';
      const provider = create(
        wireOptions(fake, { headers: { [beta.toUpperCase()]: 'a', 'anthropic-version': '2000-01-01' } }),
      );
      const headers = { [beta]: 'b,c', 'anthropic-version': '2024-01-01' };
      await forward(provider, forwardOf(name, bodyOf('hello'), { headers }));
      const sent = fake.requests.at(-1)?.headers ?? {};
      assert.equal(sent[beta], 'a,b,c');
      assert.equal(sent['anthropic-version'], name === 'openai' ? '2000-01-01' : '2024-01-01');
      await provider.close();
    });

    for (const file of name === 'openai'
      ? ['text', 'tool-calls', 'cached-reasoning', 'refusal']
      : ['text', 'tool-use', 'cached-thinking', 'refusal'])
      it(`hands on a whole answer byte for byte, and reads why it ended and what it cost: ${file}`, async () => {
        const provider = create(wireOptions(fake));
        const body = `\n${JSON.stringify(wholeAnswer(name, file), null, 3)}\n`;
        fake.next({ body });
        const { text, finish, batches } = await forward(provider, forwardOf(name, bodyOf('hello')));
        assert.equal(text, body);
        assert.equal(batches.length, 1);
        fake.next({ body });
        const { events } = await gather(
          provider.call(callOf('hello', { stream: false }), new AbortController().signal),
        );
        const last = events.at(-1);
        assert.ok(last?.type === 'finish');
        // A refusal is told by its text alone here and there, which is nobody's to read when it is handed on.
        const reason = name === 'openai' && file === 'refusal' ? 'stop' : last.reason;
        assert.deepEqual(finish, { reason, ...(last.usage ? { usage: last.usage } : {}) });
        await provider.close();
      });

    for (const [title, bytes] of transcripts(name)) {
      if (title.startsWith('error')) continue;
      for (const splitBytes of [1, 7, 64, 100_000])
        it(`hands on a stream byte for byte, read ${splitBytes} at a time: ${title}`, async () => {
          const provider = create(wireOptions(fake));
          fake.next({ body: bytes, splitBytes });
          const call = forwardOf(name, bodyOf('hello', { stream: true }), { wantsUsage: true });
          const { text, finish, error, batches } = await forward(provider, call);
          assert.equal(error, undefined);
          assert.equal(text, bytes.toString());
          assert.ok(batches.every(({ finish: early }, n) => (early === undefined) === n < batches.length - 1));
          fake.next({ body: bytes });
          const { events } = await gather(provider.call(callOf('hello'), new AbortController().signal));
          const last = events.at(-1);
          assert.ok(last?.type === 'finish');
          assert.deepEqual(finish?.usage, last.usage);
          if (title !== 'refusal' && title !== 'ollama-tools') assert.equal(finish?.reason, last.reason);
          await provider.close();
        });
    }

    it('hands on each read at once', async () => {
      const provider = create(wireOptions(fake));
      const call = forwardOf(name, bodyOf('hello', { stream: true, model: 'x' }), { model: 'fake-c3-i30' });
      const { batches } = await forward(provider, call);
      assert.ok(batches.length >= 4, `${batches.length} batches`);
      await provider.close();
    });

    it('reads the same stream with a slow reader', async () => {
      const provider = create(wireOptions(fake, { maxAnswerBytes: 64 * MiB }));
      const call = forwardOf(name, bodyOf('hello', { stream: true }), { model: 'fake-c40000' });
      const answer = provider.forward?.(call, new AbortController().signal)[Symbol.asyncIterator]();
      assert.ok(answer);
      const count = fake.requests.length;
      const pieces = [(await answer.next()).value?.bytes];
      const request = await fake.received(count + 1);
      await until(() => request.stalled);
      await steady(() => request.sentBytes);
      assert.ok(request.stalled, 'all of it was read although nobody took it');
      for (let batch = await answer.next(); !batch.done; batch = await answer.next()) pieces.push(batch.value.bytes);
      const text = Buffer.concat(pieces).toString();
      assert.equal(text.match(/chunk \d+ /g)?.length, 40_000);
      assert.match(text, /chunk 39999 /);
      await provider.close();
    });

    describe('and what goes wrong', () => {
      for (const stream of [true, false])
        it(`keeps the words of a refused request for its sender, ${stream ? 'stream' : 'whole'}`, async () => {
          const provider = create(wireOptions(fake));
          const code = name === 'openai' ? 'bad_tools' : 'invalid_request_error';
          fake.next({ status: 400, code, message: `No such tool, ${KEY}`, param: 'tools[0]' });
          const { error, text } = await forward(provider, forwardOf(name, bodyOf('hello', { stream })));
          assert.equal(text, '');
          assert.ok(error instanceof ProviderError);
          assert.equal(error.kind, 'invalid_request');
          assert.deepEqual(error.told, {
            message: 'No such tool, [key]',
            type: 'invalid_request_error',
            ...(name === 'openai' ? { code, param: 'tools[0]' } : {}),
          });
          await provider.close();
        });

      it('keeps no words that are too long, of other errors, or of requests in our own words', async () => {
        const provider = create(wireOptions(fake));
        fake.next({ status: 400, message: 'x'.repeat(5000) });
        const long = (await forward(provider, forwardOf(name, bodyOf('hello')))).error;
        assert.ok(long instanceof ProviderError && long.told);
        assert.ok(long.told.message.length <= 2001);
        for (const status of [401, 403, 404, 429, 500, 529]) {
          fake.next({ status, message: 'organization org-1 has a problem' });
          const { error } = await forward(provider, forwardOf(name, bodyOf('hello')));
          assert.ok(error instanceof ProviderError);
          assert.equal(error.told, undefined, String(status));
        }
        fake.next({ status: 400 });
        const { error } = await gather(provider.call(callOf('hello'), new AbortController().signal));
        assert.ok(error instanceof ProviderError && error.told === undefined);
        await provider.close();
      });

      it('obeys what a busy provider asks', async () => {
        const provider = create(wireOptions(fake));
        fake.next({ status: 429, headers: { 'retry-after': '7', 'x-should-retry': 'true' } });
        const { error } = await forward(provider, forwardOf(name, bodyOf('hello')));
        assert.ok(error instanceof ProviderError);
        assert.deepEqual([error.kind, error.retryAfterMs, error.shouldRetry], ['rate_limited', 7000, true]);
        await provider.close();
      });

      it('delivers nothing when an error comes where the first content should', async () => {
        const provider = create(wireOptions(fake));
        const [opening] = streamOf(name, 'a');
        fake.next({ body: `${opening}${errorEvent(name)}` });
        const { error, batches } = await forward(provider, forwardOf(name, bodyOf('hello', { stream: true })));
        assert.deepEqual(batches, []);
        assert.ok(error instanceof ProviderError && error.kind === 'unavailable', String(error));
        await provider.close();
      });

      for (const splitBytes of [5, 100_000])
        it(`delivers what came before an error, and not the error, read ${splitBytes} at a time`, async () => {
          const provider = create(wireOptions(fake));
          const [opening, content] = streamOf(name, 'so far "error"');
          fake.next({ body: `${opening}${content}${errorEvent(name)}data: more\n\n`, splitBytes });
          const { error, text } = await forward(provider, forwardOf(name, bodyOf('hello', { stream: true })));
          assert.equal(text, `${opening}${content}`);
          assert.ok(error instanceof ProviderError && error.kind === 'unavailable', String(error));
          await provider.close();
        });

      it('takes an error for one that comes whole and with 200', async () => {
        const provider = create(wireOptions(fake));
        for (const stream of [true, false]) {
          fake.next({ errorInside: true, contentType: 'application/json', body: errorBody(name) });
          const { error, batches } = await forward(provider, forwardOf(name, bodyOf('hello', { stream })));
          assert.deepEqual(batches, []);
          assert.ok(error instanceof ProviderError && error.kind === 'unavailable', String(error));
        }
        await provider.close();
      });

      const bad: [title: string, body: string, contentType: string, stream: boolean][] = [
        ['a whole answer to a stream', JSON.stringify(wholeAnswer(name, 'text')), 'application/json', true],
        ['a page', '<html>', 'text/html', true],
        ['no JSON', 'hello', 'application/json', false],
        ['JSON of another kind', '{"ok":true}', 'application/json', false],
        ['a stream of no JSON', 'data: hello\n\n', 'text/event-stream', true],
        ['a stream that ends before it says why', streamOf(name, 'a').slice(0, 2).join(''), 'text/event-stream', true],
        ['an empty stream', '', 'text/event-stream', true],
      ];
      for (const [title, body, contentType, stream] of bad)
        it(`does not take ${title} for an answer`, async () => {
          const provider = create(wireOptions(fake));
          fake.next({ body, contentType });
          const { error, finish } = await forward(provider, forwardOf(name, bodyOf('hello', { stream })));
          assert.equal(finish, undefined);
          assert.ok(error instanceof ProviderError && error.kind === 'malformed', String(error));
          await provider.close();
        });

      it('does not read answers without end', async () => {
        const provider = create(wireOptions(fake, { maxAnswerBytes: 1000 }));
        fake.next({ body: JSON.stringify({ ...Object(wholeAnswer(name, 'text')), more: 'x'.repeat(1000) }) });
        const whole = await forward(provider, forwardOf(name, bodyOf('hello')));
        assert.ok(whole.error instanceof ProviderError);
        assert.match(String(whole.error.cause), /longer than allowed/);
        const call = forwardOf(name, bodyOf('hello', { stream: true }), { model: 'fake-c2000' });
        const streamed = await forward(provider, call);
        assert.ok(streamed.error instanceof ProviderError);
        assert.match(String(streamed.error.cause), /longer than allowed/);
        assert.equal(streamed.finish, undefined);
        await provider.close();
      });
    });

    describe('and leaving', () => {
      for (const [title, behaviour, stream] of [
        ['before the head of a stream', { hangAt: -1 }, true],
        ['before the head of a whole answer', { hangAt: -1 }, false],
        ['in the middle of a stream', { chunks: 30, hangAt: 900 }, true],
        ['in the middle of a whole answer', { hangAt: 50 }, false],
      ] as const)
        it(`cuts the upstream within 100 ms of an abort ${title}`, async () => {
          const provider = create(wireOptions(fake));
          const abort = new AbortController();
          const count = fake.requests.length;
          fake.next(behaviour);
          const answer = forward(provider, forwardOf(name, bodyOf('hello', { stream })), abort.signal);
          const request = await fake.received(count + 1);
          await until(() => behaviour.hangAt === -1 || request.sentBytes > 0);
          const left = performance.now();
          abort.abort(new Error('gone'));
          assert.match(String((await answer).error), /gone/);
          const { aborted, at } = await request.closed;
          assert.ok(aborted && at - left <= 100, `cut after ${at - left} ms`);
          assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
          await provider.close();
        });

      it('leaves nothing open after 500 aborts', async () => {
        const clock = new HandClock();
        const provider = create(wireOptions(fake, { clock }));
        const before = fake.requests.length;
        for (let round = 0; round < 10; round++) {
          const calls = Array.from({ length: 50 }, async (_, n) => {
            const abort = new AbortController();
            const call = forwardOf(name, bodyOf('hello', { stream: n % 3 !== 0 }));
            const model = n % 2 === 0 ? 'fake-c9-h700' : 'fake-h0';
            const result = forward(provider, { ...call, model }, abort.signal);
            await fake.received(before + round * 50 + n + 1);
            abort.abort(new Error('gone'));
            assert.match(String((await result).error), /gone/);
            assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
          });
          await Promise.all(calls);
        }
        assert.equal(fake.requests.length, before + 500);
        await until(() => fake.sockets === 0);
        clock.advance(1000);
        assert.equal(clock.pending, 0, 'a deadline is still watched');
        await provider.close();
      });

      it('gives up waiting for the first event, and for the next', async () => {
        const deadlines = { connectMs: 1000, firstChunkMs: 5000, idleMs: 2000, totalMs: 60_000 };
        const clock = new HandClock();
        const provider = create(wireOptions(fake, { clock, deadlines }));
        const [opening] = streamOf(name, 'a');
        for (const [body, says, ms] of [
          [': wait\n\n: wait\n\n', /first chunk/, 5000],
          [opening ?? '', /next chunk/, 2000],
        ] as const) {
          const count = fake.requests.length;
          fake.next({ body, hangAt: body.length });
          const answer = forward(provider, forwardOf(name, bodyOf('hello', { stream: true })));
          const request = await fake.received(count + 1);
          await until(() => request.sentBytes === body.length);
          const ended: unknown[] = [];
          const waiting = answer.then(({ error }) => ended.push(error));
          for (let n = 0; n < 60 && ended.length === 0; n++) {
            await new Promise((resolve) => setImmediate(resolve));
            clock.advance(ms / 20);
          }
          await waiting;
          assert.ok(ended[0] instanceof ProviderError && ended[0].kind === 'timeout');
          assert.match(ended[0].message, says);
        }
        await provider.close();
      });
    });
  });
}

function streamOf(wire: 'openai' | 'anthropic', text: string): string[] {
  if (wire === 'openai') {
    const chunk = (delta: object) =>
      `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
    return [chunk({ role: 'assistant', content: '' }), chunk({ content: text })];
  }
  const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
  return [
    event('message_start', { message: { usage: { input_tokens: 1, output_tokens: 1 } } }) + event('ping', {}),
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  ];
}

function errorBody(wire: 'openai' | 'anthropic'): string {
  const error = { type: wire === 'openai' ? 'server_error' : 'overloaded_error', message: 'overloaded' };
  return JSON.stringify(wire === 'openai' ? { error } : { type: 'error', error });
}

function errorEvent(wire: 'openai' | 'anthropic'): string {
  return `${wire === 'openai' ? '' : 'event: error\n'}data: ${errorBody(wire)}\n\n`;
}
