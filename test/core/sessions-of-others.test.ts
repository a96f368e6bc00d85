import assert from 'node:assert/strict';
import type { WantedChange } from '../../src/core/sessions.ts';
import { laneOf } from '../../src/core/turn.ts';
import { isFree } from '../support/free-lane.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, bob, type GatewayUnderTest, makeGateway, runToEnd } from '../support/make-gateway.ts';

const signal = new AbortController().signal;
const page = { limit: 100 };

describe('sessions of another user', () => {
  let under: GatewayUnderTest;
  beforeEach(async () => {
    under = await makeGateway();
    await say('mine');
  });
  afterEach(() => under.close());

  const say = (words: string, sessionId = 's1', principal = alice) =>
    runToEnd(under.gateway, ask(words, { sessionId }), principal);
  const change = (wanted: WantedChange, id = 's1', principal = alice) =>
    under.gateway.sessions.change(principal, id, wanted, signal);
  const get = (id = 's1') => under.gateway.sessions.get(alice, id);
  const words = async (id = 's1') =>
    (await under.gateway.sessions.messages(alice, id, page)).items
      .toReversed()
      .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : part.type)));

  const reads: [name: string, read: (id: string) => Promise<unknown>][] = [
    ['got', (id) => under.gateway.sessions.get(bob, id)],
    ['read', (id) => under.gateway.sessions.messages(bob, id, page)],
    ['renamed', (id) => change({ action: 'rename', title: 'x' }, id, bob)],
    ['configured', (id) => change({ action: 'configure', model: 'x' }, id, bob)],
    ['reset', (id) => change({ action: 'reset' }, id, bob)],
    ['forked', (id) => change({ action: 'fork', sessionId: 'x' }, id, bob)],
    ['closed', (id) => change({ action: 'close' }, id, bob)],
    ['reopened', (id) => change({ action: 'reopen' }, id, bob)],
    ['deleted', (id) => change({ action: 'delete' }, id, bob)],
  ];
  for (const [name, read] of reads) {
    it(`cannot be ${name}: to this one they are as absent as those nobody has`, async () => {
      await assert.rejects(read('s1'), isError('SESSION_NOT_FOUND'));
      await assert.rejects(read('nobody-has-this'), isError('SESSION_NOT_FOUND'));
      assert.deepEqual(await words(), ['mine', 'Hello there']);
      assert.equal((await get()).state, 'open');
      assert.ok(await isFree(under.lanes, laneOf('bob', 's1')));
    });
  }

  it('are not listed, and may have the same name', async () => {
    await say('his', 's1', bob);
    assert.equal((await under.gateway.sessions.list(bob, page)).items.length, 1);
    assert.deepEqual(await words(), ['mine', 'Hello there']);
    await change({ action: 'delete' }, 's1', bob);
    assert.deepEqual(await words(), ['mine', 'Hello there']);
  });
});
