import assert from 'node:assert/strict';
import { isError } from '../support/is-error.ts';
import { alice, ask, makeGateway, runToEnd } from '../support/make-gateway.ts';
import { createScriptedChannel } from '../support/scripted-channel.ts';
import { createScriptedProvider, finish, text } from '../support/scripted-provider.ts';

describe('the gateway', () => {
  it('keeps what it was told, from one life to the next', async () => {
    const first = await makeGateway();
    const { run } = await runToEnd(first.gateway, ask('hi', { sessionId: 's1' }));
    await first.gateway.drain(1000);
    const { directory, gateway } = first;
    await gateway.close();
    const second = await makeGateway({ directory });
    assert.deepEqual((await second.gateway.runs.get(alice, run.id)).message, run.message);
    assert.equal((await second.gateway.sessions.get(alice, 's1')).messageCount, 2);
    await second.close();
    await first.close();
  });

  it('closes what it was given, and leaves no timer', async () => {
    let closed = 0;
    const provider = createScriptedProvider([text('yes'), finish]);
    const under = await makeGateway({
      providers: [
        {
          ...provider,
          close: async () => {
            closed += 1;
          },
        },
      ],
    });
    await runToEnd(under.gateway, ask('hi'));
    await under.close();
    assert.equal(closed, 1);
    assert.equal(under.clock.pending, 0);
    await assert.rejects(under.store.getSession('alice', 's1'), isError('STORE_UNAVAILABLE'));
  });

  it('lists the channels it knows, those without their secrets as inactive', async () => {
    const under = await makeGateway({
      channels: [
        createScriptedChannel({ manifest: { name: 'telegram' } }),
        createScriptedChannel({ manifest: { name: 'slack' }, configured: false }),
      ],
    });
    assert.deepEqual(await under.gateway.channels.list(), [
      { name: 'telegram', state: 'active', queued: 0 },
      { name: 'slack', state: 'inactive', queued: 0 },
    ]);
    await under.close();
  });
});
