/** Who may see and do what: users cannot see one another's things, and scopes open exactly what the contract says. */
import assert from 'node:assert/strict';
import { messages } from '../../generated/operations.ts';
import { type Scope, scopes } from '../../src/core/principal.ts';
import { dates, everyOperation } from '../support/contract.ts';
import { leastBody } from '../support/least-body.ts';
import { enterSocket } from '../support/open-socket.ts';
import { channelSettings, pushEvent } from '../support/signed-webhooks.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

describe('isolation', () => {
  let gateway: TestGateway;
  let ann: string;
  let bob: string;
  const annHas: Record<string, string> = { session: 'plans' };
  const nobodyHas: Record<string, string> = { session: 'other', run: 'run_0', key: 'key_0', event: 'evt_0' };

  before(async () => {
    const telegram = { ...channelSettings.telegram, user: 'ann' };
    gateway = await startGateway({ settings: { channels: { ...channelSettings, telegram } } });
    ann = await gateway.makeKey({ user: 'ann' });
    bob = await gateway.makeKey({ user: 'bob' });
    const chat = { input: [{ type: 'text', text: 'my secret plan' }], sessionId: 'plans' };
    const { body: run } = await gateway.request('POST', '/api/v2/chat', { key: ann, body: chat });
    const made = { name: 'of ann', user: 'ann', scopes: ['chat'] };
    const { body: key } = await gateway.request('POST', '/api/v2/keys', { key: ann, body: made });
    Object.assign(annHas, { run: run.id, key: key.id, event: await pushEvent(gateway) });
  });
  after(() => gateway.close());

  describe('between users', () => {
    for (const { date, id, rules } of everyOperation.filter(({ rules }) => rules.path.includes('{id}'))) {
      it(`${date} ${id} answers for another's as for nobody's`, async () => {
        const kind = kindOf(rules.path);
        const body = leastBody(date, id);
        const answers = await Promise.all(
          [annHas, nobodyHas].map(async (owner) => {
            const name = owner[kind] ?? '';
            const headers = { 'X-Request-Id': 'the-same' };
            const path = rules.path.replace('{id}', name);
            const answer = await gateway.request(rules.method, path, { key: bob, headers, ...(body ? { body } : {}) });
            return { status: answer.status, text: answer.text.replaceAll(name, '…') };
          }),
        );
        assert.deepEqual(answers[0], answers[1]);
        assert.equal(answers[0]?.status, 404);
      });
    }

    it('lists show nothing of another', async () => {
      for (const path of ['/api/sessions', '/api/v2/sessions', '/api/keys', '/api/v2/keys']) {
        const { text } = await gateway.request('GET', path, { key: bob });
        for (const name of Object.values(annHas)) assert.ok(!text.includes(name), `${path} shows ${name}`);
      }
    });

    it('usage shows nothing of another, as a list or as a table', async () => {
      for (const path of ['/api/usage', '/api/v2/usage']) {
        for (const query of [
          '',
          '?format=csv',
          `?keyId=${annHas.key}`,
          '?groupBy=user',
          '?groupBy=model,user&format=csv',
        ]) {
          const { text, status } = await gateway.request('GET', `${path}${query}`, { key: bob });
          assert.equal(status, 200);
          assert.doesNotMatch(text, /\bann\b/, `${path}${query}`);
        }
        const named = await gateway.request('GET', `${path}?user=ann`, { key: bob });
        const nobody = await gateway.request('GET', `${path}?user=nobody`, { key: bob });
        assert.deepEqual([named.status, nobody.status], [403, 403]);
        const hers = await gateway.request('GET', `${path}?groupBy=user`, { key: ann });
        assert.match(hers.text, /"user":"ann","runs":\d/);
      }
    });

    it('a session id is each user’s own', async () => {
      const body = { channel: 'api', message: 'mine', sessionId: 'plans' };
      assert.equal((await gateway.request('POST', '/api/chat', { key: bob, body })).status, 200);
      const own = await gateway.request('GET', '/api/sessions/plans/messages', { key: bob });
      assert.doesNotMatch(own.text, /secret/);
      await gateway.request('POST', '/api/sessions/plans', { key: bob, body: { action: 'delete' } });
      const hers = await gateway.request('GET', '/api/sessions/plans/messages', { key: ann });
      assert.match(hers.text, /my secret plan/);
    });

    it('a subscriber hears nothing of another', async () => {
      const open = await enterSocket(gateway, bob);
      open.send({ type: 'subscribe', events: ['message', 'status'] });
      await open.next('subscribed');
      const body = { channel: 'api', message: 'to myself', sessionId: 'aside' };
      await gateway.request('POST', '/api/chat', { key: ann, body });
      await gateway.request('POST', '/api/chat', { key: bob, body: { ...body, message: 'to bob' } });
      const told = await open.next('message');
      assert.equal(told.content, 'to bob');
      await open.close();
    });
  });

  describe('between scopes', () => {
    for (const scope of scopes) {
      it(`\`${scope}\` opens what names it and nothing else`, async () => {
        const key = await gateway.makeKey({ scopes: [scope] });
        const opened: string[] = [];
        const wanted: string[] = [];
        for (const { date, id, rules } of everyOperation) {
          const path = rules.path.replace('{id}', nobodyHas[kindOf(rules.path)] ?? '');
          // What gets past the scope stops at a body that fits nothing.
          const { status } = await gateway.request(rules.method, path, {
            key,
            ...(rules.requestBody ? { body: [] } : {}),
          });
          if (status !== 403) opened.push(`${date} ${id}`);
          if (isOpenTo(scope, rules.scopes)) wanted.push(`${date} ${id}`);
        }
        assert.deepEqual(opened, wanted);
      });
    }

    for (const [date, scope] of dates.flatMap((one) => scopes.map((other) => [one, other] as const))) {
      it(`\`${scope}\` opens frames of ${date} that name it`, async () => {
        const key = await gateway.makeKey({ scopes: [scope] });
        const open = await enterSocket(gateway, key, date === '2026-03-01' ? '/api/v1/ws' : '/api/v2/ws');
        for (const [type, rules] of Object.entries(messages[date]).filter(([type]) => type !== 'auth')) {
          // It fits nothing, which only those are told who might have sent it.
          open.send({ type, surplus: true });
          const { code } = await open.next('error');
          assert.equal(code, isOpenTo(scope, rules.scopes) ? 'INVALID_REQUEST' : 'FORBIDDEN', type);
        }
        await open.close();
      });
    }
  });
});

function isOpenTo(scope: Scope, needed: readonly string[]): boolean {
  return scope === 'admin' || needed.every((one) => one === scope);
}

function kindOf(path: string): string {
  return /\/(session|run|key|event)s\//.exec(path)?.[1] ?? '';
}
