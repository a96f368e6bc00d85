import assert from 'node:assert/strict';
import type { Store } from '../../../src/core/ports/store.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { type GatewayUnderTest, makeGateway } from '../../support/make-gateway.ts';
import { createScriptedChannel, inboundOf, type ScriptedChannel, webhookOf } from '../../support/scripted-channel.ts';
import { createScriptedProvider, finish, text } from '../../support/scripted-provider.ts';
import { until } from '../../support/until.ts';
import { bot } from './under-test.ts';

/** More than all places together, each in a conversation of its own. */
const flood = 100;

describe('a channel that hangs', () => {
  let under: GatewayUnderTest;
  let sick: ScriptedChannel;
  let well: ScriptedChannel;

  async function make(around: (store: Store) => Store = (store) => store): Promise<void> {
    const clock = new HandClock();
    const named = (name: string) => createScriptedChannel({ manifest: { name }, now: () => clock.now() });
    sick = named('sick');
    well = named('well');
    const says = (words: string) => [text(words), finish];
    under = await makeGateway({
      clock,
      around,
      channels: [sick, well],
      providers: [
        createScriptedProvider(({ messages }) =>
          JSON.stringify(messages.at(-1)).includes('hang') ? ['hang'] : says('fine'),
        ),
      ],
      settings: {
        webhooks: {
          verifySignature: true,
          retryOnFailure: true,
          principals: new Map([
            ['sick', bot],
            ['well', { ...bot, user: 'other' }],
          ]),
          allowed: new Map([
            ['sick', ['*']],
            ['well', ['*']],
          ]),
        },
      },
    });
  }
  afterEach(async () => {
    let over = false;
    const drained = under.gateway.drain(0).then(() => {
      over = true;
    });
    await until(() => {
      under.clock.advance(500);
      return over;
    });
    await drained;
    await under.close();
  });

  const pushTo = (name: string, said: string, count: number) =>
    under.gateway.webhooks.receive(
      name,
      webhookOf(Array.from({ length: count }, (_, index) => inboundOf({ conversation: `c${index}`, text: said }))),
    );

  it('in its runs takes no place from the others', async () => {
    let most = 0;
    await make((store) => ({
      ...store,
      claimEvents: async (channel, now, limit) => {
        if (channel === 'sick') most = Math.max(most, limit);
        return store.claimEvents(channel, now, limit);
      },
    }));
    await pushTo('sick', 'hang', flood);
    await until(() => under.gateway.runs.active() === 16);
    await pushTo('well', 'hello', flood);
    await until(() => well.shown().length === flood);
    assert.equal(under.gateway.runs.active(), 16);
    assert.equal(most, 16);
    assert.deepEqual(sick.shown(), []);
  });

  it('in its sends holds up neither its own runs nor the sends of the others', async () => {
    await make();
    sick.react(
      (_, __, signal) =>
        new Promise((___, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    );
    await pushTo('sick', 'hello', flood);
    await pushTo('well', 'hello', flood);
    await until(() => well.shown().length === flood);
    for (let answered = 0; answered < 2 * flood; ) {
      answered = (await under.store.listEvents({ state: 'answered' }, { limit: 200 })).items.length;
    }
    // So many, and no more, may be seen twice after a crash.
    assert.equal(sick.calls.filter(({ call }) => call === 'send').length, 4);
  });
});
