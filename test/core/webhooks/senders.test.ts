import assert from 'node:assert/strict';
import type { InboundEvent } from '../../../src/core/ports/channel.ts';
import { makeWebhooks, type WebhooksOptions, type WebhooksUnderTest } from './under-test.ts';

describe('who may talk', () => {
  let under: WebhooksUnderTest;
  const make = async (options?: WebhooksOptions) => {
    under = await makeWebhooks(options);
  };
  afterEach(() => under.close());

  const stranger = { id: 'eve', name: 'Eve', isBot: false, isSelf: false };
  const machine = { id: 'robot', isBot: true, isSelf: false };
  const group = { conversation: 'G1:5', conversationKind: 'group', group: 'G1' } as const;

  /** What became of an event. */
  async function fate(more: Partial<InboundEvent>): Promise<string> {
    const before = under.channel.shown().length;
    const id = await under.push(more);
    await under.rest();
    const { state, ignored } = await under.event(id);
    const said = under.channel.shown().slice(before).join();
    return state === 'ignored' ? `ignored: ${ignored}` : said.includes('channels approve') ? 'told how to ask' : said;
  }

  it('is nobody at first: a stranger is told once how to ask, and is listed', async () => {
    await make({ allowed: [] });
    assert.equal(await fate({ sender: stranger, conversation: 'eve' }), 'told how to ask');
    assert.match(under.channel.shown().join(), /gateway channels approve scripted eve/);
    assert.equal(await fate({ sender: stranger, conversation: 'eve' }), 'ignored: not allowed');
    const [listed] = await under.store.listSenders('scripted');
    assert.deepEqual(
      { id: listed?.id, name: listed?.name, allowed: listed?.allowed },
      { id: 'eve', name: 'Eve', allowed: false },
    );
  });

  it('is whom the operator lets in, also beside a running gateway', async () => {
    await make({ allowed: [] });
    await fate({ sender: stranger });
    await under.store.allowSender('scripted', 'eve', 1);
    assert.equal(await fate({ sender: stranger }), '<Hello there>');
  });

  it('is whoever stands in the list, and everybody with a star', async () => {
    await make({ allowed: ['eve'] });
    assert.equal(await fate({ sender: stranger }), '<Hello there>');
    assert.equal(await fate({ sender: { ...stranger, id: 'mallory' } }), 'told how to ask');
    await under.close();
    await make({ allowed: ['*'] });
    assert.equal(await fate({ sender: stranger }), '<Hello there>');
  });

  it('is a group apart from the people in it, with all its threads', async () => {
    await make({ allowed: [] });
    await under.store.allowSender('scripted', 'eve', 1);
    assert.equal(await fate({ ...group, sender: stranger }), 'told how to ask');
    assert.equal(await fate({ ...group, conversation: 'G1:6', sender: stranger }), 'ignored: not allowed');
    await under.store.allowSender('scripted', 'G1', 1);
    assert.equal(
      await fate({ ...group, conversation: 'G1:7', sender: { ...stranger, id: 'mallory' } }),
      '<Hello there>',
    );
    assert.equal(await fate({ sender: { ...stranger, id: 'mallory' } }), 'told how to ask');
  });

  it('is in groups nobody for standing in the list, and directly nobody for being in a group', async () => {
    await make({ allowed: ['eve', 'G2', 'robot'] });
    assert.equal(await fate({ ...group, sender: stranger }), 'told how to ask');
    assert.match(under.channel.shown().join(), /approve scripted G1/);
    const other = { conversation: 'G2', conversationKind: 'group', sender: { ...stranger, id: 'mallory' } } as const;
    assert.equal(await fate(other), '<Hello there>');
    assert.equal(await fate({ sender: other.sender }), 'told how to ask');
    assert.equal(await fate({ ...group, sender: machine }), '<Hello there>');
    await under.close();
    await make({ allowed: ['*'] });
    assert.equal(await fate({ ...group, sender: stranger }), '<Hello there>');
  });

  it('is told in words that a shell takes for one', async () => {
    await make({ allowed: [] });
    await fate({ sender: { ...stranger, id: '$(reboot) `x`' } });
    assert.match(under.channel.shown().join(), /`` gateway channels approve scripted '\$\(reboot\) `x`' ``/);
  });

  it('is no bot, but one that was let in by its own name', async () => {
    await make({ allowed: ['*', 'G1'] });
    assert.equal(await fate({ sender: machine }), 'ignored: a bot');
    assert.equal(await fate({ ...group, sender: machine }), 'ignored: a bot');
    await under.store.allowSender('scripted', 'robot', 1);
    assert.equal(await fate({ ...group, sender: machine }), '<Hello there>');
  });

  it('hears twenty messages of a bot in a minute, and then none for another', async () => {
    await make({ allowed: ['robot'] });
    for (let count = 0; count < 20; count += 1) assert.equal(await fate({ sender: machine }), '<Hello there>');
    assert.equal(await fate({ sender: machine }), 'ignored: bots that talk to bots');
    assert.equal(await fate({ sender: machine, conversation: 'elsewhere' }), '<Hello there>');
    assert.equal(await fate({ sender: stranger }), 'told how to ask');
    await under.pass(59_000);
    assert.equal(await fate({ sender: machine }), 'ignored: bots that talk to bots');
    await under.pass(1000);
    assert.equal(await fate({ sender: machine }), '<Hello there>');
  });

  it('is told each time where the platform shows that an answer is coming', async () => {
    await make({ allowed: [], channel: { manifest: { awaitsAnswer: true } } });
    assert.equal(await fate({ sender: stranger }), 'told how to ask');
    assert.equal(await fate({ sender: stranger }), 'told how to ask');
    assert.match(await fate({ sender: stranger, text: ' ' }), /nothing in that/);
  });

  it('is nobody whose channel may not chat', async () => {
    await make({ principal: { scopes: ['sessions'] } });
    const id = await under.push();
    await under.rest();
    const { state, error } = await under.event(id);
    assert.deepEqual({ state, error }, { state: 'parked', error: 'FORBIDDEN' });
    assert.deepEqual(under.channel.calls, []);
  });
});
