/** A store that breaks takes down what needs it and nothing else, tells nobody why, and is used again when it is whole. */
import assert from 'node:assert/strict';
import type { OperationId } from '../../generated/operations.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { type BreakableStore, createBreakableStore } from '../support/breakable-store.ts';
import { everyOperation } from '../support/contract.ts';
import { leastBody } from '../support/least-body.ts';
import { channelSettings, pushEvent, signed, toRequest } from '../support/signed-webhooks.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const needStore: ReadonlySet<OperationId> = new Set([
  'changeSession',
  'createChat',
  'createKey',
  'getRun',
  'getWebhookEvent',
  'listChannels',
  'listWebhookEvents',
  'receiveSlack',
  'receiveTelegram',
  'receiveWebhook',
  'replayWebhookEvent',
  'getSession',
  'listMessages',
  'listSessions',
  'listUsage',
  'revokeKey',
  'rotateKey',
]);

describe('a broken store', () => {
  let store: BreakableStore;
  let gateway: TestGateway;
  let runId: string;
  let eventId: string;

  before(async () => {
    store = createBreakableStore();
    gateway = await startGateway({ parts: { store }, settings: { channels: channelSettings } });
    const chat = { input: [{ type: 'text', text: 'hello' }], sessionId: 'session-123' };
    const { body: run } = await gateway.request('POST', '/api/v2/chat', { body: chat });
    runId = run.id;
    eventId = await pushEvent(gateway);
  });
  after(() => gateway.close());
  afterEach(() => store.break(undefined));

  async function thingFor(id: OperationId): Promise<string> {
    if (id === 'getRun') return runId;
    if (/WebhookEvent$/.test(id)) return eventId;
    if (!/Key$/.test(id)) return 'session-123';
    const { body: key } = await gateway.request('POST', '/api/v2/keys', { body: leastBody('2026-11-01', 'createKey') });
    return key.id;
  }

  for (const { date, id, rules } of everyOperation) {
    const send = (thing: string) => {
      const body = leastBody(date, id);
      // A chat in a session that is there reads it first.
      const sent = id === 'createChat' ? { ...body, sessionId: 'session-123' } : body;
      const path = rules.path.replace('{id}', thing);
      const webhook = signed(id);
      if (webhook) return gateway.request('POST', path, toRequest(webhook));
      return gateway.request(rules.method, path, sent ? { body: sent } : {});
    };
    const needs = needStore.has(id);

    it(`${needs ? 'fails' : 'does not concern'} ${id} of ${date}`, async () => {
      const thing = await thingFor(id);
      store.break(new Error('SQLITE_CORRUPT: /var/lib/secret.db is malformed'));
      const broken = await send(thing);
      store.break(new GatewayError('STORE_UNAVAILABLE', 'Nothing can be stored now.'));
      const full = await send(thing);
      store.break(undefined);
      const whole = await send(thing);
      const wanted = needs ? [500, 503] : [whole.status, whole.status];
      assert.deepEqual([broken.status, full.status], wanted);
      if (needs) assert.doesNotMatch(broken.text, /secret|malformed/);
      assert.ok(whole.status < 300, `${whole.status} ${whole.text}`);
    });
  }
});
