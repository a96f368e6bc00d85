import assert from 'node:assert/strict';
import { SendError } from '../../../src/core/ports/channel.ts';
import { createScriptedProvider, finish, type Step, text } from '../../support/scripted-provider.ts';
import { until } from '../../support/until.ts';
import { makeWebhooks, type WebhooksOptions, type WebhooksUnderTest } from './under-test.ts';

describe('a live reply', () => {
  let under: WebhooksUnderTest;
  let gates: PromiseWithResolvers<void>[];
  /** The provider says each piece when its gate opens. */
  const make = async (pieces: string[], options: WebhooksOptions = {}) => {
    gates = pieces.map(() => Promise.withResolvers<void>());
    const steps = pieces.flatMap((piece, index): Step[] => [
      { wait: gates[index]?.promise ?? Promise.resolve() },
      text(piece),
    ]);
    under = await makeWebhooks({
      ...options,
      channel: { manifest: { editEveryMs: 1000, typingEveryMs: 4000 }, ...options.channel },
      providers: [createScriptedProvider([...steps, finish])],
    });
  };
  afterEach(() => under.close());

  const say = async (index: number) => {
    gates[index]?.resolve();
    await under.rest();
  };
  const calls = () =>
    under.channel.calls.map((call) =>
      call.call === 'typing' ? 'typing' : `${call.call} ${call.outbound.chunk.plain}`,
    );

  it('shows typing, then a message that grows, and ends as the answer in the same message', async () => {
    await make(['one', ' two', ' three']);
    const id = await under.push();
    await under.rest();
    assert.deepEqual(calls(), ['typing']);
    await under.pass(4000);
    assert.deepEqual(calls(), ['typing', 'typing']);
    await say(0);
    await under.pass(500);
    await say(1);
    await under.pass(1000);
    await say(2);
    await until(() => under.channel.shown().join() === '<one two three>');
    await under.rest();
    assert.deepEqual(calls().slice(2), ['send one', 'edit one two', 'edit one two three']);
    assert.equal((await under.event(id)).placeholder, 'm1');
    assert.deepEqual(
      (await under.deliveries(id)).map(({ replaces, message }) => [replaces, message]),
      [['m1', 'm1']],
    );
  });

  it('remembers the message before its first edit', async () => {
    const remembered: number[] = [];
    await make(['one', ' two'], {
      around: (store) => ({
        ...store,
        rememberPlaceholder: async (id, message) => {
          remembered.push(under.channel.calls.filter(({ call }) => call === 'edit').length);
          return store.rememberPlaceholder(id, message);
        },
      }),
    });
    await under.push();
    await say(0);
    await under.pass(1500);
    await say(1);
    await until(() => under.channel.shown().join() === '<one two>');
    assert.deepEqual(remembered, [0]);
  });

  it('sends no second message when the first could not be remembered', async () => {
    let works = false;
    await make(['one', ' two', ' three'], {
      around: (store) => ({
        ...store,
        rememberPlaceholder: async (id, message) => {
          if (!works) throw new Error('the disk is full');
          return store.rememberPlaceholder(id, message);
        },
      }),
    });
    await under.push();
    await say(0);
    await under.pass(2000);
    await say(1);
    await under.pass(6000);
    works = true;
    await under.pass(6000);
    await say(2);
    await until(() => under.channel.shown().join() === '<one two three>');
    assert.equal(calls().filter((call) => call.startsWith('send')).length, 1);
  });

  it('rests while nothing new is to be shown, although what is shown is not what was said', async () => {
    const rendered: string[] = [];
    await make(['one', ' two']);
    const { render } = under.channel;
    under.channel.render = (text: string) => {
      rendered.push(text);
      return render(text);
    };
    await under.push();
    await say(0);
    await under.pass(20_000);
    assert.deepEqual(
      calls().filter((call) => call !== 'typing'),
      ['send one'],
    );
    assert.deepEqual(rendered, ['one']);
  });

  it('drops edits that fail, and never the end', async () => {
    await make(['one', ' two', ' three']);
    under.channel.react(({ call }, index) => {
      if (call === 'edit' && index < 6) throw new SendError('unavailable', 'no');
    });
    await under.push();
    await say(0);
    await under.pass(1000);
    await say(1);
    await under.pass(1000);
    await say(2);
    await under.pass(20_000);
    assert.deepEqual(under.channel.shown(), ['<one two three>']);
  });

  it('leaves the platform alone as long as it asked, also with the end', async () => {
    await make(['one', ' two', ' three']);
    under.channel.react(({ call }) => {
      const early = under.clock.now() < startedAt + 30_000;
      if (call === 'edit' && early) throw new SendError('rate_limited', 'slow down', { retryAfterMs: 28_000 });
    });
    const startedAt = under.clock.now();
    await under.push();
    await say(0);
    await under.pass(1000);
    await say(1);
    await under.pass(2000);
    const before = calls().length;
    await say(2);
    await under.pass(20_000);
    assert.equal(calls().length, before);
    await under.pass(15_000);
    assert.deepEqual(under.channel.shown(), ['<one two three>']);
  });

  it('begins no second message when it cannot know of the first', async () => {
    await make(['one', ' two']);
    under.channel.react(({ call }, index) => {
      if (call === 'send' && index < 2) throw new SendError('unavailable', 'no answer in time');
    });
    await under.push();
    await say(0);
    await under.pass(20_000);
    assert.equal(calls().filter((call) => call.startsWith('send')).length, 1);
    await say(1);
    await under.pass(1000);
    assert.deepEqual(under.channel.shown(), ['<one two>']);
  });

  it('sends the answer anew when its message was deleted', async () => {
    await make(['one', ' two']);
    under.channel.react(({ call }) => {
      if (call === 'edit') throw new SendError('refused', 'message to edit not found');
    });
    const id = await under.push();
    await say(0);
    await under.pass(1500);
    await say(1);
    await under.pass(1000);
    assert.equal(under.channel.shown().at(-1), '<one two>');
    assert.deepEqual(
      (await under.deliveries(id)).map(({ state }) => state),
      ['sent'],
    );
  });

  it('does not hold the answer up longer than a send may take', async () => {
    await make(['one', ' two']);
    under.channel.react(({ call }, index, signal) =>
      call === 'send' && index < 2
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : undefined,
    );
    const id = await under.push();
    await say(0);
    await under.pass(1500);
    await say(1);
    await under.pass(16_000);
    assert.equal((await under.event(id)).state, 'answered');
    assert.deepEqual(under.channel.shown(), ['<one two>']);
  });

  it('shows nothing before the end where messages cannot be edited', async () => {
    await make(['one', ' two'], { channel: { edits: false, manifest: {} } });
    await under.push();
    await say(0);
    await under.pass(5000);
    await say(1);
    await under.rest();
    assert.deepEqual(calls(), ['send one two']);
  });
});
