import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { steady, until } from '../../support/until.ts';
import { callOf, textIn, transcripts, wireOptions, wires } from '../wires.ts';

const never = new AbortController().signal;
const MiB = 1024 * 1024;

for (const { name, create } of wires) {
  describe(`a slow reader on the ${name} wire`, () => {
    let fake: FakeProvider;
    const sockets: Socket[] = [];
    const onConnected = (message: unknown) => {
      assert.ok(typeof message === 'object' && message && 'socket' in message);
      sockets.push(message.socket as Socket);
    };
    beforeEach(async () => {
      sockets.length = 0;
      subscribe('undici:client:connected', onConnected);
      fake = await startFakeProvider();
    });
    afterEach(async () => {
      unsubscribe('undici:client:connected', onConnected);
      await fake.close();
    });

    it('stops the upstream with less than 1 MiB read, and loses nothing', async () => {
      const provider = create(wireOptions(fake, { maxAnswerBytes: 64 * MiB }));
      const answer = provider.call(callOf('hello', { model: 'fake-c60000' }), never)[Symbol.asyncIterator]();
      const events = (await answer.next()).value;
      const request = await fake.received(1);
      await until(() => request.stalled);
      const read = await steady(() => sockets[0]?.bytesRead ?? 0);
      assert.ok(read > 0 && read < MiB, `read ${read} bytes that nobody asked for`);
      assert.ok(request.sentBytes > read, 'the upstream was not stopped');

      for (let batch = await answer.next(); !batch.done; batch = await answer.next()) events.push(...batch.value);
      assert.equal(textIn(events), Array.from({ length: 60_000 }, (_, n) => `chunk ${n} `).join(''));
      assert.equal(events.at(-1)?.type, 'finish');
      await provider.close();
    });

    it('reads a hundred of them within 1 MiB each', async () => {
      const provider = create(wireOptions(fake));
      const abort = new AbortController();
      // More than the kernel holds for a connection.
      const delta = transcripts(name)
        .get('text')
        ?.toString()
        .split('\n\n')
        .find((event) => event.includes('Grüße'));
      const body = Buffer.from(`${delta}\n\n`.repeat(60_000));
      const answers = Array.from({ length: 100 }, () => {
        fake.next({ body });
        return provider.call(callOf('hello'), abort.signal)[Symbol.asyncIterator]();
      });
      await Promise.all(answers.map((answer) => answer.next()));
      await steady(() => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0));
      assert.equal(sockets.length, 100);
      for (const { bytesRead } of sockets) assert.ok(bytesRead > 0 && bytesRead < MiB, `read ${bytesRead} bytes`);
      abort.abort(new Error('gone'));
      for (const answer of answers) await assert.rejects(answer.next(), /gone/);
      await until(() => fake.sockets === 0);
      await provider.close();
    });
  });
}
