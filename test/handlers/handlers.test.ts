import assert from 'node:assert/strict';
import { apiVersions, type OperationId } from '../../generated/operations.ts';
import { operator } from '../../src/core/keys.ts';
import type { Input, Sent } from '../../src/handlers/handler.ts';
import { heard } from '../support/arbitrary-of-contract.ts';
import { said } from '../support/contract.ts';
import { isError } from '../support/is-error.ts';
import { alice, type GatewayUnderTest, makeGateway, readAll } from '../support/make-gateway.ts';
import { perform } from '../support/perform.ts';
import { createScriptedChannel } from '../support/scripted-channel.ts';
import {
  createScriptedProvider,
  finish,
  type ScriptedProvider,
  type Step,
  text,
} from '../support/scripted-provider.ts';

const newest = '2026-11-01';
const nothing = { path: {}, query: {}, body: undefined };

describe('handlers', () => {
  let under: GatewayUnderTest;
  let provider: ScriptedProvider;
  let script: readonly Step[];
  beforeEach(async () => {
    script = [text('yes'), finish];
    provider = createScriptedProvider(() => script);
    under = await makeGateway({ providers: [provider], channels: [createScriptedChannel()] });
  });
  afterEach(() => under.close());

  /** Performs an operation and holds its answer against the contract. */
  async function answer<Id extends OperationId>(id: Id, input: Input<Id>, more = {}): Promise<Sent<Id>> {
    const sent = await perform(under.gateway, id, input, { principal: operator, ...more });
    const types = said[newest].answers[id]?.[String(sent.status)] ?? assert.fail(`${id} may not answer ${sent.status}`);
    const validate = types['application/json'];
    if (validate) assert.ok(validate(sent.body), `${id}: ${JSON.stringify(validate.errors)}`);
    else assert.equal(typeof sent.body, 'string');
    return sent;
  }

  const chat = (body: Input<'createChat'>['body'], more = {}) =>
    answer('createChat', { path: {}, query: {}, body }, more);
  const input: Input<'createChat'>['body']['input'] = [{ type: 'text', text: 'hi' }];

  it('answer what the contract says', async () => {
    const { body: run } = await chat({ input, sessionId: 's1', metadata: { a: 'b' } });
    assert.ok(typeof run === 'object' && run !== null && 'id' in run && typeof run.id === 'string');
    const { body: key } = await answer('createKey', {
      path: {},
      query: {},
      body: { name: 'n', user: 'u', scopes: ['chat'] },
    });
    assert.ok(typeof key === 'object' && key !== null && 'id' in key && typeof key.id === 'string');
    const session = { path: { id: 's1' }, query: {}, body: undefined };
    const aKey = { path: { id: key.id }, query: {}, body: undefined };

    await answer('getRun', { path: { id: run.id }, query: {}, body: undefined });
    await answer('getSession', session);
    await answer('listMessages', session);
    await answer('changeSession', { ...session, body: { action: 'rename', title: 't' } });
    await answer('listSessions', nothing);
    await answer('getKey', aKey);
    await answer('listKeys', nothing);
    await answer('rotateKey', aKey);
    await answer('revokeKey', aKey);
    await answer('listModels', nothing);
    await answer('listChannels', nothing);
    await answer('listVersions', nothing);
    await answer('getStatus', nothing);
    await answer('getConformance', nothing);
    await answer('getMetrics', nothing);
    for (const id of ['getHealth', 'getLiveness', 'getReadiness', 'getDetailedHealth'] as const)
      await answer(id, nothing);
    for (const id of ['getDocs', 'getAsyncDocs', 'getDocsScript', 'getChangelog', 'getConfigSchema'] as const)
      await answer(id, nothing);
    for (const id of ['getOpenApiJson', 'getAsyncApiJson', 'getOpenApiYaml', 'getAsyncApiYaml'] as const) {
      const documents = await Promise.all(
        [{}, ...apiVersions.map(({ date }) => ({ version: date }))].map((query) =>
          answer(id, { path: {}, query, body: undefined }),
        ),
      );
      assert.deepEqual(documents[0]?.body, documents.at(-1)?.body, 'the newest where none is named');
      assert.notDeepEqual(documents[0]?.body, documents[1]?.body);
    }
  });

  it('say 503 when the gateway drains and is asked whether it is ready', async () => {
    assert.equal((await answer('getReadiness', nothing)).status, 200);
    await under.gateway.drain(0);
    assert.equal((await answer('getReadiness', nothing)).status, 503);
    assert.equal((await answer('getLiveness', nothing)).status, 200);
    assert.equal((await answer('getHealth', nothing)).status, 200);
  });

  it('give memory in whole megabytes', async () => {
    const { body } = await answer('getDetailedHealth', nothing);
    assert.ok(typeof body === 'object' && body !== null && 'memory' in body);
    assert.deepEqual(body.memory, { used: '0MB', total: '0MB' });
  });

  it('find no document of a version that is not there', async () => {
    const query = JSON.parse('{"version":"../../package"}');
    for (const id of ['getOpenApiJson', 'getDocs', 'getAsyncDocs'] as const) {
      await assert.rejects(answer(id, { path: {}, query, body: undefined }), isError('UNSUPPORTED_API_VERSION'));
    }
  });

  it('list versions, one of them current and one the default', async () => {
    const { body } = await answer('listVersions', nothing);
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
        under.gateway,
        'createChat',
        { path: {}, query: {}, body: { input, stream: true } },
        { principal: alice },
      );
      assert.ok(active);
      assert.equal((await readAll(active.events)).at(-1)?.type, 'run.completed');
      assert.deepEqual(
        provider.calls.map(({ call }) => call.stream),
        [false, true],
      );
    });

    it('throw how the run failed, with when to come back', async () => {
      script = [{ fail: 'rate_limited', retryAfterMs: 4200 }];
      await assert.rejects(chat({ input }), (error: unknown) => {
        isError('PROVIDER_UNAVAILABLE')(error);
        return error instanceof Error && 'retryAfter' in error && error.retryAfter === 5;
      });
      script = [text('half'), { fail: 'timeout' }];
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
      answer(
        'changeSession',
        { path: { id: 's1' }, query: {}, body: { action: 'fork' } },
        { idempotency: { key: 'k', fingerprint: 'f' } },
      );
    const [first, again] = [await fork(), await fork()];
    assert.deepEqual([first.replayed, again.replayed], [false, true]);
    assert.deepEqual(first.body, again.body);
    assert.equal((await under.gateway.sessions.list(operator, { limit: 10 })).items.length, 2);
  });

  describe('of keys', () => {
    const make = (body: Partial<Input<'createKey'>['body']>) =>
      answer('createKey', { path: {}, query: {}, body: { name: 'n', user: 'u', scopes: ['chat'], ...body } });

    it('show the whole key once, and never its hash', async () => {
      const { body } = await make({});
      assert.ok(typeof body === 'object' && body !== null && 'key' in body && 'id' in body);
      const { key, id } = body;
      assert.ok(typeof key === 'string' && typeof id === 'string');
      assert.equal(under.gateway.keys.authenticate(key).user, 'u');
      const path = { id };
      const seen = [
        await answer('getKey', { path, query: {}, body: undefined }),
        await answer('listKeys', nothing),
        await answer('revokeKey', { path, query: {}, body: undefined }),
      ];
      assert.doesNotMatch(JSON.stringify(seen), new RegExp(`${key}|hash`));
    });

    /** All of them pass the contract's validator; JavaScript does not read them all. */
    const times: [expiresAt: string, want: number | 'refused'][] = [
      ['2099-01-01T00:00:00Z', Date.UTC(2099, 0, 1)],
      ['2099-01-01t00:00:00z', Date.UTC(2099, 0, 1)],
      ['2099-01-01T00:00:00.123456789Z', Date.UTC(2099, 0, 1) + 123],
      ['2099-01-01T01:00:00+01:00', Date.UTC(2099, 0, 1)],
      ['2099-01-01T01:00:00+01', 'refused'],
      ['2098-12-31T23:59:60Z', 'refused'],
      ['2000-01-01T00:00:00Z', 'refused'],
    ];
    for (const [expiresAt, want] of times) {
      it(`${want === 'refused' ? 'refuse' : 'make'} one that ends at ${expiresAt}`, async () => {
        assert.ok(heard[newest].requests.createKey?.body?.({ name: 'n', user: 'u', scopes: ['chat'], expiresAt }));
        if (want === 'refused') await assert.rejects(make({ expiresAt }), isError('INVALID_REQUEST', '/expiresAt'));
        else await make({ expiresAt });
        const stored = await under.store.loadKeys();
        assert.deepEqual(
          stored.map((key) => key.expiresAt),
          want === 'refused' ? [] : [want],
        );
      });
    }

    it('rotate with grace, and without where none is asked for', async () => {
      const { body } = await make({});
      assert.ok(typeof body === 'object' && body !== null && 'key' in body && 'id' in body);
      const { key, id } = body;
      assert.ok(typeof key === 'string' && typeof id === 'string');
      await answer('rotateKey', { path: { id }, query: {}, body: { graceSeconds: 60 } });
      under.gateway.keys.authenticate(key);
      await answer('rotateKey', { path: { id }, query: {}, body: undefined });
      assert.throws(() => under.gateway.keys.authenticate(key), isError('UNAUTHORIZED'));
    });
  });

  it('page through what they list', async () => {
    for (const id of ['a', 'b', 'c']) await chat({ input, sessionId: id });
    const page = await answer('listSessions', { path: {}, query: { limit: 2 }, body: undefined });
    assert.ok(typeof page.body === 'object' && page.body !== null && 'nextCursor' in page.body);
    const { nextCursor } = page.body;
    assert.ok(typeof nextCursor === 'string');
    const rest = await answer('listSessions', { path: {}, query: { limit: 2, cursor: nextCursor }, body: undefined });
    assert.ok(
      typeof rest.body === 'object' && rest.body !== null && 'items' in rest.body && Array.isArray(rest.body.items),
    );
    assert.equal(rest.body.items.length, 1);
  });
});
