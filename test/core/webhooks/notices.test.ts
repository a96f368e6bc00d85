import assert from 'node:assert/strict';
import { operator } from '../../../src/core/keys.ts';
import { SendError } from '../../../src/core/ports/channel.ts';
import { createScriptedProvider, finish, type Script, text } from '../../support/scripted-provider.ts';
import { makeWebhooks, type WebhooksOptions, type WebhooksUnderTest } from './under-test.ts';

/** As Discord's "… is thinking". */
const deferring = { manifest: { awaitsAnswer: true, editEveryMs: 1000 } } as const;
const fine = [text('fine'), finish];

describe('an event that ends without an answer', () => {
  let under: WebhooksUnderTest;
  const make = async (script: Script, options?: WebhooksOptions) => {
    under = await makeWebhooks({
      channel: deferring,
      retryOnFailure: false,
      ...options,
      providers: [createScriptedProvider(script)],
    });
  };
  afterEach(() => under.close());

  const sends = () =>
    under.channel.calls.flatMap((call) =>
      call.call === 'send' ? [[call.outbound.first, call.outbound.chunk.plain]] : [],
    );

  it('says so where the user was shown that one is coming, and is answered in the same place when replayed', async () => {
    let works = false;
    await make(() => (works ? fine : [{ fail: 'malformed' }]));
    const id = await under.push();
    await under.rest();
    assert.equal((await under.event(id)).state, 'parked');
    assert.deepEqual(
      sends().map(([first]) => first),
      [true],
    );
    assert.match(under.channel.shown().join(), /could not be answered/);
    works = true;
    await under.gateway.webhooks.replay(operator, id);
    await under.rest();
    assert.equal((await under.event(id)).state, 'answered');
    assert.deepEqual(sends().slice(1), [[true, 'fine']]);
  });

  it('says nothing where nobody waits', async () => {
    await make([{ fail: 'malformed' }], { channel: {} });
    const id = await under.push();
    await under.rest();
    assert.equal((await under.event(id)).state, 'parked');
    assert.deepEqual(under.channel.calls, []);
  });

  it('says so in place of an answer that broke off half way', async () => {
    const held = Promise.withResolvers<void>();
    await make([text('half'), { wait: held.promise }, { fail: 'malformed' }], {
      channel: { manifest: { editEveryMs: 1000 } },
    });
    const id = await under.push();
    await under.pass(1500);
    assert.deepEqual(under.channel.shown(), ['<half>']);
    held.resolve();
    await under.rest();
    assert.equal((await under.event(id)).state, 'parked');
    assert.equal(under.channel.shown().length, 1);
    assert.match(under.channel.shown().join(), /could not be answered/);
  });

  it('says so when it is ignored after it was promised one', async () => {
    await make(fine);
    const id = await under.push({ sender: { id: 'robot', isBot: true, isSelf: false } });
    await under.rest();
    assert.equal((await under.event(id)).state, 'ignored');
    assert.match(under.channel.shown().join(), /nothing in that to answer/);
  });

  it('forgets the words that were not sent when it is replayed', async () => {
    let works = false;
    await make(() => (works ? fine : [{ fail: 'malformed' }]));
    under.channel.react(() => {
      if (!works) throw new SendError('expired', 'the interaction is over');
    });
    const id = await under.push();
    await under.rest();
    assert.deepEqual(
      (await under.deliveries(id)).map(({ state, place }) => [state, place]),
      [['parked', -1]],
    );
    works = true;
    await under.gateway.webhooks.replay(operator, id);
    await under.rest();
    assert.deepEqual(under.channel.shown(), ['<fine>']);
    assert.deepEqual(
      (await under.deliveries(id)).map(({ state, place }) => [state, place]),
      [['sent', 0]],
    );
  });
});
