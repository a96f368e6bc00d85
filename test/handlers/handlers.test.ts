import assert from 'node:assert/strict';
import { apiVersions } from '../../generated/operations.ts';
import { operator } from '../../src/core/keys.ts';
import type { Input } from '../../src/handlers/handler.ts';
import { isError } from '../support/is-error.ts';
import { alice, readAll } from '../support/make-gateway.ts';
import { perform } from '../support/perform.ts';
import { text } from '../support/scripted-provider.ts';
import { nothing, useHandlers } from '../support/use-handlers.ts';

describe('handlers', () => {
  const rig = useHandlers();

  const chat = (body: Input<'createChat'>['body'], more = {}) =>
    rig.answer('createChat', { path: {}, query: {}, body }, more);
  const input: Input<'createChat'>['body']['input'] = [{ type: 'text', text: 'hi' }];

  it('answer what the contract says', async () => {
    const { body: run } = await chat({ input, sessionId: 's1', metadata: { a: 'b' } });
    assert.ok(typeof run === 'object' && run !== null && 'id' in run && typeof run.id === 'string');
    const { body: key } = await rig.answer('createKey', {
      path: {},
      query: {},
      body: { name: 'n', user: 'u', scopes: ['chat'] },
    });
    assert.ok(typeof key === 'object' && key !== null && 'id' in key && typeof key.id === 'string');
    const session = { path: { id: 's1' }, query: {}, body: undefined };
    const aKey = { path: { id: key.id }, query: {}, body: undefined };

    await rig.answer('getRun', { path: { id: run.id }, query: {}, body: undefined });
    await rig.answer('getSession', session);
    await rig.answer('listMessages', session);
    await rig.answer('changeSession', { ...session, body: { action: 'rename', title: 't' } });
    await rig.answer('listSessions', nothing);
    await rig.answer('getKey', aKey);
    await rig.answer('listKeys', nothing);
    await rig.answer('rotateKey', aKey);
    await rig.answer('revokeKey', aKey);
    await rig.answer('listModels', nothing);
    await rig.answer('listChannels', nothing);
    await rig.answer('listVersions', nothing);
    await rig.answer('getStatus', nothing);
    await rig.answer('getConformance', nothing);
    await rig.answer('getMetrics', nothing);
    for (const id of ['getHealth', 'getLiveness', 'getReadiness', 'getDetailedHealth'] as const)
      await rig.answer(id, nothing);
    for (const id of ['getDocs', 'getAsyncDocs', 'getDocsScript', 'getChangelog', 'getConfigSchema'] as const)
      await rig.answer(id, nothing);
    for (const id of ['getOpenApiJson', 'getAsyncApiJson', 'getOpenApiYaml', 'getAsyncApiYaml'] as const) {
      const documents = await Promise.all(
        [{}, ...apiVersions.map(({ date }) => ({ version: date }))].map((query) =>
          rig.answer(id, { path: {}, query, body: undefined }),
        ),
      );
      assert.deepEqual(documents[0]?.body, documents.at(-1)?.body, 'the newest where none is named');
      assert.notDeepEqual(documents[0]?.body, documents[1]?.body);
    }
  });

  it('say 503 when the gateway drains and is asked whether it is ready', async () => {
    assert.equal((await rig.answer('getReadiness', nothing)).status, 200);
    await rig.under.gateway.drain(0);
    assert.equal((await rig.answer('getReadiness', nothing)).status, 503);
    assert.equal((await rig.answer('getLiveness', nothing)).status, 200);
    assert.equal((await rig.answer('getHealth', nothing)).status, 200);
  });

  it('give memory in whole megabytes', async () => {
    const { body } = await rig.answer('getDetailedHealth', nothing);
    assert.ok(typeof body === 'object' && body !== null && 'memory' in body);
    assert.deepEqual(body.memory, { used: '0MB', total: '0MB' });
  });

  it('find no document of a version that is not there', async () => {
    const query = JSON.parse('{"version":"../../package"}');
    for (const id of ['getOpenApiJson', 'getDocs', 'getAsyncDocs'] as const) {
      await assert.rejects(rig.answer(id, { path: {}, query, body: undefined }), isError('UNSUPPORTED_API_VERSION'));
    }
  });

  it('list versions, one of them current and one the default', async () => {
    const { body } = await rig.answer('listVersions', nothing);
    assert.deepEqual(body, {
      items: [
        { version: '2026-03-01', family: 'v1', state: 'supported', default: true },
        { version: '2026-11-01', family: 'v2', state: 'current', default: false },
      ],
    });
  });

  describe('of chat', () => {
    it('answer the run, or its events where a stream is wanted', async () => {
      assert.equal((await chat({ input })).run, undefined);
      const { run: active } = await perform(
        rig.under.gateway,
        'createChat',
        { path: {}, query: {}, body: { input, stream: true } },
        { principal: alice },
      );
      assert.ok(active);
      assert.equal((await readAll(active.events)).at(-1)?.type, 'run.completed');
      assert.deepEqual(
        rig.provider.calls.map(({ call }) => call.stream),
        [false, true],
      );
    });

    it('throw how the run failed, with when to come back', async () => {
      rig.script = [{ fail: 'rate_limited', retryAfterMs: 4200 }];
      await assert.rejects(chat({ input }), (error: unknown) => {
        isError('PROVIDER_UNAVAILABLE')(error);
        return error instanceof Error && 'retryAfter' in error && error.retryAfter === 5;
      });
    });

    it('throw what broke it half way', async () => {
      rig.script = [text('half'), { fail: 'timeout' }];
      await assert.rejects(chat({ input }), isError('PROVIDER_TIMEOUT'));
    });

    it('say when they tell the same again', async () => {
      const more = { idempotency: { key: 'k', fingerprint: 'f' } };
      const [first, again] = [await chat({ input }, more), await chat({ input }, more)];
      assert.deepEqual([first.replayed, again.replayed], [false, true]);
      assert.deepEqual(first.body, again.body);
    });
  });

  it('change a session once per Idempotency-Key', async () => {
    await chat({ input, sessionId: 's1' });
    const fork = () =>
      rig.answer(
        'changeSession',
        { path: { id: 's1' }, query: {}, body: { action: 'fork' } },
        { idempotency: { key: 'k', fingerprint: 'f' } },
      );
    const [first, again] = [await fork(), await fork()];
    assert.deepEqual([first.replayed, again.replayed], [false, true]);
    assert.deepEqual(first.body, again.body);
    assert.equal((await rig.under.gateway.sessions.list(operator, { limit: 10 })).items.length, 2);
  });

  it('page through what they list', async () => {
    for (const id of ['a', 'b', 'c']) await chat({ input, sessionId: id });
    const page = await rig.answer('listSessions', { path: {}, query: { limit: 2 }, body: undefined });
    assert.ok(typeof page.body === 'object' && page.body !== null && 'nextCursor' in page.body);
    const { nextCursor } = page.body;
    assert.ok(typeof nextCursor === 'string');
    const rest = await rig.answer('listSessions', {
      path: {},
      query: { limit: 2, cursor: nextCursor },
      body: undefined,
    });
    assert.ok(
      typeof rest.body === 'object' && rest.body !== null && 'items' in rest.body && Array.isArray(rest.body.items),
    );
    assert.equal(rest.body.items.length, 1);
  });
});
