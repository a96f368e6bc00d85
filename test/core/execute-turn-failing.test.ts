import assert from 'node:assert/strict';
import type { ProviderFault } from '../../src/core/errors.ts';
import { ask, runToEnd, textIn } from '../support/make-gateway.ts';
import { finish, text } from '../support/scripted-provider.ts';
import { providerNews, useTurns } from '../support/use-turns.ts';

const page = { limit: 100 };

describe('a turn whose provider fails', () => {
  const rig = useTurns();

  const kinds: [kind: ProviderFault, code: string, anotherMayDo: boolean][] = [
    ['unavailable', 'PROVIDER_UNAVAILABLE', true],
    ['rate_limited', 'PROVIDER_UNAVAILABLE', true],
    ['timeout', 'PROVIDER_TIMEOUT', true],
    ['unauthorized', 'PROVIDER_ERROR', true],
    ['malformed', 'PROVIDER_ERROR', true],
    ['model_not_found', 'MODEL_NOT_FOUND', true],
    ['invalid_request', 'INVALID_REQUEST', false],
    ['unsupported_parameter', 'UNSUPPORTED_PARAMETER', true],
    ['context_too_long', 'CONTEXT_TOO_LONG', false],
  ];
  for (const [kind, code, anotherMayDo] of kinds) {
    it(`with ${kind} before its first chunk ${anotherMayDo ? 'goes to the next, silently' : 'is not tried elsewhere'}`, async () => {
      rig.scripts[0] = [{ fail: kind }];
      const { run, events } = await runToEnd(rig.gateway, ask('hi'));
      assert.equal(rig.second.calls.length, anotherMayDo ? 1 : 0);
      if (anotherMayDo) {
        assert.deepEqual([run.state, run.provider, run.attempts], ['completed', 'second', 2]);
        assert.equal(rig.second.calls[0]?.call.model, 'model-b');
        assert.equal(textIn(events), 'I am the second');
        assert.equal(run.error, undefined);
      } else {
        assert.deepEqual([run.state, run.error?.code, run.attempts], ['failed', code, 1]);
        assert.equal(events.length, 1);
      }
    });

    it(`with ${kind} at every candidate fails with ${code}, and says nothing of what it was`, async () => {
      rig.scripts = [[{ fail: kind }], [{ fail: kind }]];
      const sessionId = rig.freshSession();
      const { run, events } = await runToEnd(rig.gateway, ask('hi', { sessionId }));
      assert.deepEqual(
        events.map(({ type, seq }) => `${seq} ${type}`),
        ['1 run.failed'],
      );
      assert.equal(run.error?.code, code);
      assert.doesNotMatch(JSON.stringify(run), /secret words/);
      assert.equal(
        await rig.under.store.getSession('alice', sessionId),
        null,
        'nothing was said, so there is nothing to keep',
      );
      assert.equal((await rig.under.store.getRun('alice', run.id))?.error?.code, code);
    });
  }

  it('after the first chunk does not fall back, and keeps what was said', async () => {
    rig.scripts[0] = [text('Half an ans'), { fail: 'unavailable', retryAfterMs: 2500 }];
    const sessionId = rig.freshSession();
    const { run, events } = await runToEnd(rig.gateway, ask('hi', { sessionId }));
    assert.equal(rig.second.calls.length, 0);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['run.started', 'message.delta', 'run.failed'],
    );
    assert.deepEqual([run.error?.code, run.error?.retryAfter], ['PROVIDER_UNAVAILABLE', 3]);
    assert.deepEqual(run.message?.parts, [{ type: 'text', text: 'Half an ans' }]);
    assert.equal(run.usage?.estimated, true);
    assert.equal((await rig.under.store.listMessages('alice', sessionId, page))?.items.length, 2);
  });

  it('after a batch with nothing in it has said nothing yet, and falls back', async () => {
    rig.scripts[0] = [[], { fail: 'unavailable' }];
    const { run, events } = await runToEnd(rig.gateway, ask('hi'));
    assert.equal(run.provider, 'second');
    assert.equal(textIn(events), 'I am the second');
  });

  it('with what no adapter should throw is INTERNAL, and tried nowhere else', async () => {
    rig.scripts[0] = [{ throw: new TypeError('cannot read property of undefined') }];
    const { run } = await runToEnd(rig.gateway, ask('hi'));
    assert.equal(run.error?.code, 'INTERNAL');
    assert.doesNotMatch(JSON.stringify(run), /property/);
    assert.equal(rig.second.calls.length, 0);
    assert.deepEqual(providerNews(rig.under), [], 'a fault of ours says nothing of the provider');
  });

  it('is counted and logged, once for each try, with the cause', async () => {
    rig.scripts[0] = [{ fail: 'unavailable' }];
    await runToEnd(rig.gateway, ask('hi'));
    const tries = rig.under.metrics.calls.filter(({ name }) => name === 'providerCall');
    assert.deepEqual(
      tries.map(({ arguments: [labels] }) => labels),
      [
        { provider: 'first', outcome: 'unavailable' },
        { provider: 'second', outcome: 'completed' },
      ],
    );
    const [line] = rig.under.log.lines.filter(({ level }) => level === 'warn');
    assert.match(String(line?.fields.error), /secret words/);
  });

  it('after its finish has answered: nothing behind it is read', async () => {
    rig.scripts[0] = [text('all of it'), finish, { fail: 'malformed' }];
    const { run } = await runToEnd(rig.gateway, ask('hi'));
    assert.deepEqual([run.state, run.finishReason, run.usage?.totalTokens], ['completed', 'stop', 5]);
  });

  it('by ending without a finish has not answered', async () => {
    rig.scripts[0] = [text('Half an ans')];
    const { run } = await runToEnd(rig.gateway, ask('hi'));
    assert.deepEqual([run.state, run.error?.code], ['failed', 'PROVIDER_ERROR']);
  });

  it('is known to be failing, and to be well again', async () => {
    await runToEnd(rig.gateway, ask('hi'));
    rig.scripts[0] = [{ fail: 'unavailable' }];
    await runToEnd(rig.gateway, ask('hi'));
    assert.equal(providerNews(rig.under).at(-1), 'first degraded');
    rig.scripts[0] = [text('back'), finish];
    await runToEnd(rig.gateway, ask('hi'));
    assert.equal((await rig.gateway.status.health()).providers.first, 'connected');
  });
});
