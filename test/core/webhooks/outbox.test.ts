import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/core/errors.ts';
import { operator } from '../../../src/core/keys.ts';
import { SendError, type SendFault } from '../../../src/core/ports/channel.ts';
import type { Reaction } from '../../support/scripted-channel.ts';
import { createScriptedProvider, finish, text } from '../../support/scripted-provider.ts';
import { makeWebhooks, type WebhooksOptions, type WebhooksUnderTest } from './under-test.ts';

describe('the outbox', () => {
  let under: WebhooksUnderTest;
  const make = async (said: string, options?: WebhooksOptions) => {
    under = await makeWebhooks({ ...options, providers: [createScriptedProvider([text(said), finish])] });
  };
  afterEach(() => under.close());

  const refuse = (kind: SendFault, times: number, retryAfterMs?: number): Reaction => {
    let left = times;
    return ({ call }) => {
      if (call === 'typing' || left === 0) return;
      left -= 1;
      throw new SendError(kind, `it is ${kind}`, retryAfterMs === undefined ? {} : { retryAfterMs });
    };
  };
  const sends = () => under.channel.calls.filter(({ call }) => call === 'send');
  const states = async (id: string) =>
    (await under.deliveries(id)).map(({ state, attempts }) => `${state} ${attempts}`);

  async function pushed(): Promise<string> {
    const id = await under.push();
    await under.rest();
    return id;
  }

  it('sends the parts of an answer in their order, under an identity that stays', async () => {
    await make('a\n\nb\n\nc');
    under.channel.react(({ call }, index) => {
      if (call === 'send' && index === 1) throw new SendError('unavailable', 'try again');
    });
    const id = await pushed();
    await under.pass(3000);
    assert.deepEqual(under.channel.shown(), ['<a>', '<b>', '<c>']);
    assert.deepEqual(
      sends().map((call) => (call.call === 'send' ? [call.outbound.deliveryId, call.outbound.first] : [])),
      [
        [`${id}.0`, true],
        [`${id}.1`, false],
        [`${id}.1`, false],
        [`${id}.2`, false],
      ],
    );
  });

  it('sends the plain text at once, and once, where the formatting is refused', async () => {
    await make('fine', { retryOnFailure: false });
    under.channel.react(refuse('formatting_refused', 1));
    await pushed();
    assert.deepEqual(under.channel.shown(), ['fine']);
    await under.close();
    await make('fine');
    under.channel.react(refuse('formatting_refused', 99));
    const id = await pushed();
    await under.pass(10_000);
    assert.equal(sends().length, 2);
    assert.deepEqual(await states(id), ['parked 2']);
  });

  it('waits as long as the platform asks, and not less', async () => {
    await make('fine');
    under.channel.react(refuse('rate_limited', 1, 30_000));
    await pushed();
    const first = sends()[0]?.at ?? 0;
    await under.pass(29_500);
    assert.equal(sends().length, 1);
    await under.pass(1000);
    assert.deepEqual(under.channel.shown(), ['<fine>']);
    assert.ok((sends()[1]?.at ?? 0) - first >= 30_000);
  });

  it('gives up after the eighth try, says so, and sends when replayed', async () => {
    await make('a\n\nb');
    under.channel.react(refuse('unavailable', 8));
    const id = await pushed();
    for (let minutes = 0; minutes < 15; minutes += 1) {
      under.clock.advance(60_000);
      await under.rest();
    }
    assert.deepEqual(await states(id), ['parked 8', 'parked 0']);
    assert.equal((await under.event(id)).state, 'answered');
    assert.equal(sends().length, 8);
    await under.gateway.webhooks.replay(operator, id);
    await under.rest();
    assert.deepEqual(under.channel.shown(), ['<a>', '<b>']);
  });

  it('tries once when failures are not to be tried again', async () => {
    await make('fine', { retryOnFailure: false });
    under.channel.react(refuse('unavailable', 99));
    const id = await pushed();
    assert.deepEqual(await states(id), ['parked 1']);
  });

  it('does not try again what will never be taken, and tells of credentials that are not good', async () => {
    for (const kind of ['expired', 'refused', 'unauthorized'] as const) {
      await make('fine');
      under.channel.react(refuse(kind, 1));
      const id = await pushed();
      await under.pass(2000);
      assert.deepEqual(await states(id), ['parked 1']);
      const [entry] = await under.gateway.channels.list();
      assert.equal(entry?.state, kind === 'unauthorized' ? 'error' : 'active');
      await pushed();
      assert.equal((await under.gateway.channels.list())[0]?.state, 'active');
      await under.close();
    }
    await make('fine');
  });

  it('gives one send fifteen seconds', async () => {
    await make('fine');
    under.channel.react((_, index, signal) =>
      index > 0 ? undefined : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const id = await pushed();
    await under.pass(14_500);
    assert.deepEqual(await states(id), ['sending 1']);
    await under.pass(3000);
    assert.deepEqual(under.channel.shown(), ['<fine>']);
  });

  it('does not send again what was sent and could not be noted', async () => {
    let works = false;
    await make('fine', {
      around: (store) => ({
        ...store,
        settleDelivery: async (id, outcome) => {
          if (!works) throw new GatewayError('STORE_UNAVAILABLE', 'The disk is full.');
          return store.settleDelivery(id, outcome);
        },
      }),
    });
    const id = await pushed();
    await under.pass(5000);
    works = true;
    await under.pass(2000);
    assert.deepEqual(await states(id), ['sent 1']);
    assert.equal(sends().length, 1);
  });

  it('sends other conversations while one has to wait', async () => {
    await make('fine');
    under.channel.react((call) => {
      if (call.call === 'send' && call.outbound.target.address.to === 'slow') {
        throw new SendError('rate_limited', 'slow down', { retryAfterMs: 60_000 });
      }
    });
    await under.push({ conversation: 'slow' });
    await under.push({ conversation: 'slow' });
    await under.push({ conversation: 'quick' });
    await under.pass(1000);
    assert.equal(under.channel.shown().length, 1);
    assert.equal(sends().length, 2);
  });
});
