/**
 * Every operation × every answer that its contract documents, provoked. What has no entry below fails, and so does an
 * entry for what is not documented.
 */
import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { type DocumentName, foreignNames, type Operation, type OperationId } from '../../generated/operations.ts';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { operator } from '../../src/core/keys.ts';
import { systemClock } from '../../src/system/clock.ts';
import { everyOperation } from '../support/contract.ts';
import { everyForeignOperation } from '../support/foreign.ts';
import { forwardingModels } from '../support/forwarding-models.ts';
import { HandClock } from '../support/hand-clock.ts';
import { leastBody } from '../support/least-body.ts';
import { openStream } from '../support/open-stream.ts';
import { openRaw, rawRequest } from '../support/raw-socket.ts';
import { scriptModels } from '../support/script-models.ts';
import { finish, text } from '../support/scripted-provider.ts';
import { channelSettings, pushEvent, signed, toRequest } from '../support/signed-webhooks.ts';
import { type RequestOptions, startGateway, type TestGateway, type Verb } from '../support/start-gateway.ts';
import { until } from '../support/until.ts';

/** One operation of one version, or of a foreign shape, with what it takes to ask for it. */
interface Asked {
  date: DocumentName;
  id: OperationId;
  rules: Operation;
  /** Its path, with an id of something that is there. */
  path: string;
  /** Asks for it, properly unless told otherwise. */
  ask(options?: RequestOptions & { path?: string; gateway?: TestGateway }): Promise<Got>;
}

interface Got {
  status: number;
  type: string;
  code: string | undefined;
}

type Provoke = (asked: Asked) => Promise<Got>;

/** Operations that a model answers, and all that ask one. */
const answering = ['createChat', 'createChatCompletion', 'createResponse', 'createMessage'] as const;
const asking = [...answering, 'createEmbeddings', 'countMessageTokens'] as const;

const scripted = scriptModels({
  steady: [text('fine'), finish],
  garbled: [{ fail: 'malformed' }],
  late: [{ fail: 'timeout' }],
  down: [{ fail: 'unavailable' }],
  stuck: [text('so '), 'hang'],
});
const forwarding = forwardingModels(['forwarding', 'forwarding-garbled', 'forwarding-late']);
scripted.parts = { providers: [...(scripted.parts.providers ?? []), forwarding] };
scripted.settings = {
  ...scripted.settings,
  providers: { ...Object(scripted.settings).providers, forwarding: { type: 'echo', models: [...forwarding.models] } },
};

const everyOne = [...everyOperation, ...everyForeignOperation];

describe('every documented answer', () => {
  const clock = new HandClock();
  let gateway: TestGateway;
  let still: TestGateway;
  let draining: TestGateway;
  let uncounted: TestGateway;
  let timeless: TestGateway;
  let timeIsLost = false;
  const ids: Partial<Record<OperationId, string>> = {};

  before(async () => {
    const settings = { channels: channelSettings };
    gateway = await startGateway({ ...scripted, settings: { ...scripted.settings, ...settings } });
    const stillSettings = { ...scripted.settings, ...settings };
    still = await startGateway({ ...scripted, settings: stillSettings, parts: { ...scripted.parts, clock } });
    timeless = await startGateway({
      settings,
      parts: {
        clock: {
          ...systemClock,
          now() {
            if (timeIsLost) throw new Error('nobody knows what time it is');
            return systemClock.now();
          },
        },
      },
    });
    draining = await startGateway();
    await draining.server.gateway.drain(0);
    uncounted = await startGateway({
      parts: {
        limiter: {
          ...createMemoryLimiter(systemClock),
          reserve: (counter) => {
            throw counter.startsWith('key:environment')
              ? new Error('the counter broke')
              : new GatewayError('STORE_UNAVAILABLE', 'Nothing can be counted now.');
          },
        },
      },
    });
    await prepare();
  });

  after(() => Promise.all([gateway, still, draining, uncounted, timeless].map((one) => one.close())));

  async function prepare(): Promise<void> {
    const chat = { input: [{ type: 'text', text: 'hello' }], sessionId: 'session-123' };
    const { body: run } = await gateway.request('POST', '/api/v2/chat', { body: chat });
    ids.getRun = run.id;
    for (const id of ['getWebhookEvent', 'replayWebhookEvent'] as const) ids[id] = await pushEvent(gateway);
    for (const id of ['getKey', 'revokeKey', 'rotateKey'] as const) ids[id] = await makeKeyId();
  }

  async function makeKeyId(): Promise<string> {
    const body = { name: 'k', user: 'ann', scopes: ['chat'] };
    const { body: key } = await gateway.request('POST', '/api/v2/keys', { body });
    return key.id;
  }

  function toAsked({ date, id, rules }: (typeof everyOne)[number]): Asked {
    const path = rules.path.replace('{id}', ids[id] ?? 'session-123').replace('{model}', 'steady');
    return {
      date,
      id,
      rules,
      path,
      async ask({ path: other = path, gateway: at = gateway, ...options } = {}) {
        const body = leastBody(date, id);
        const webhook = signed(id);
        if (webhook) return toGot(await at.request('POST', other, { ...toRequest(webhook), ...options }));
        const response = await at.request(verbOf(rules), other, { ...(body ? { body } : {}), ...options });
        return toGot(response);
      },
    };
  }

  const provocations: Record<string, Provoke | { readonly [Id in OperationId]?: Provoke }> = {
    '200': ({ ask }) => ask(),
    '200 text/event-stream': {
      async createChat({ date, path }) {
        const stream = await openStream(gateway, path, { body: { ...leastBody(date, 'createChat'), stream: true } });
        await stream.all();
        return toGot({ status: 200, headers: stream.response.headers });
      },
      ...eachOf(['createChatCompletion', 'createResponse', 'createMessage'], ({ ask, date, id }) =>
        ask({ body: { ...leastBody(date, id), stream: true } }),
      ),
    },
    '200 text/csv': { listUsage: ({ ask }) => ask({ headers: { Accept: 'text/csv' } }) },
    '200 application/json': {
      receiveSlack: ({ ask, id }) => {
        const webhook = signed(id, `payload=${encodeURIComponent('{"type":"block_suggestion"}')}`);
        return ask(webhook ? toRequest(webhook) : {});
      },
    },
    '200 text/plain': {
      receiveSlack: ({ ask, id }) => {
        const webhook = signed(id, { type: 'url_verification', challenge: 'abc' });
        return ask(webhook ? toRequest(webhook) : {});
      },
    },
    '201': ({ ask }) => ask(),
    '204': {
      receiveDiscord: ({ ask, id }) => {
        const webhook = signed(id, { type: 0 });
        return ask(webhook ? toRequest(webhook) : {});
      },
      receiveWebhook: ({ ask }) => ask(),
    },
    // A vendor passes over parameters that it does not know.
    '400': ({ ask, path, rules, date }) => {
      if (foreignNames.some((name) => name === date))
        return rules.requestBody ? ask({ body: {} }) : ask({ path: `/v1/models/${'x'.repeat(999)}` });
      return ask({ path: `${path}?${rules.open ? 'version=2020-01-01' : 'unknown=1'}` });
    },
    '401': ({ ask, rules }) => ask(rules.rawBody ? { headers: { 'Content-Type': 'application/json' } } : { key: null }),
    async '403'({ ask, rules }) {
      const scopes = (['chat', 'sessions', 'channels', 'status', 'keys'] as const).filter(
        (scope) => !rules.scopes.includes(scope),
      );
      return ask({ key: await gateway.makeKey({ scopes }) });
    },
    '404': {
      ...eachOf(asking, ({ date, id, ask }) => ask({ body: { ...leastBody(date, id), model: 'nobody' } })),
      getOpenAiModel: ({ ask }) => ask({ path: '/v1/models/some%2Fbody' }),
      getRun: ({ ask }) => ask({ path: '/api/v2/runs/run_0' }),
      ...eachOf(['getWebhookEvent', 'replayWebhookEvent'], ({ ask, path }) =>
        ask({ path: path.replace(/evt_\w+/, 'evt_0') }),
      ),
      ...eachOf(['receiveTelegram', 'receiveDiscord', 'receiveSlack', 'receiveWebhook'], ({ ask }) =>
        ask({ gateway: uncounted }),
      ),
      ...eachOf(['getSession', 'changeSession', 'listMessages'], ({ ask, path }) =>
        ask({ path: path.replace('session-123', 'nowhere') }),
      ),
      ...eachOf(['getKey', 'revokeKey', 'rotateKey'], ({ ask, path }) =>
        ask({ path: path.replace(/key_\w+/, 'key_0') }),
      ),
    },
    '408': neverArrives,
    '409': {
      async createChat({ ask, date }) {
        const sessionId = `closed-${date}`;
        const body = { ...leastBody(date, 'createChat'), sessionId };
        await ask({ body });
        await gateway.request('POST', `/api/sessions/${sessionId}`, { body: { action: 'close' } });
        return ask({ body });
      },
      async changeSession({ ask, date, path }) {
        const sessionId = `busy-${date}`;
        const body = { ...leastBody(date, 'createChat'), sessionId, model: 'stuck', stream: true };
        const stream = await openStream(still, path.replace('sessions/session-123', 'chat'), { body });
        await stream.next();
        let answered = false;
        const answer = ask({
          gateway: still,
          path: path.replace('session-123', sessionId),
          body: { action: 'reset' },
        }).finally(() => {
          answered = true;
        });
        await until(() => {
          clock.advance(1000);
          return answered;
        });
        stream.leave();
        return answer;
      },
      async createResponse({ ask, date }) {
        const { body } = await gateway.request('POST', '/v1/responses', { body: leastBody(date, 'createResponse') });
        const run = await gateway.server.gateway.runs.get(operator, body.id.replace('resp_', 'run_'));
        await gateway.request('POST', `/api/sessions/${run.sessionId}`, { body: { action: 'close' } });
        return ask({ body: { ...leastBody(date, 'createResponse'), previous_response_id: body.id } });
      },
      async rotateKey({ ask, path }) {
        const id = await makeKeyId();
        await gateway.request('DELETE', `/api/keys/${id}`);
        return ask({ path: path.replace(/key_\w+/, id) });
      },
    },
    '413': ({ ask, rules }) => ask({ body: `"${'x'.repeat(rules.bodyLimit)}"` }),
    '415': ({ ask }) => ask({ headers: { 'Content-Type': 'text/plain' }, body: 'hello' }),
    async '422'({ ask, date, id, path }) {
      const headers = { 'Idempotency-Key': `twice-${date}-${id}` };
      const first = await ask({ headers });
      assert.equal(first.status, 200, path);
      const body =
        id === 'createChat' ? { ...leastBody(date, id), model: 'steady' } : { action: 'rename', title: 'Other' };
      return ask({ headers, body });
    },
    async '429'({ ask }) {
      const key = await gateway.makeKey({ scopes: ['admin'], limits: { requestsPerMinute: 1 } });
      await gateway.request('GET', '/api/versions', { key });
      return ask({ key });
    },
    async '500'({ ask, rules }) {
      timeIsLost = rules.rawBody === true;
      const got = await ask({ gateway: rules.rawBody ? timeless : uncounted });
      timeIsLost = false;
      return got;
    },
    '502': {
      ...eachOf(answering, chatWith('garbled')),
      ...eachOf(['createEmbeddings', 'countMessageTokens'], chatWith('forwarding-garbled')),
    },
    '503': (asked) => {
      if (asked.rules.rawBody) return neverArrives(asked);
      return asked.id === 'getDetailedHealth' ? askUncounted(asked.ask) : asked.ask({ gateway: draining });
    },
    '504': {
      ...eachOf(answering, chatWith('late')),
      ...eachOf(['createEmbeddings', 'countMessageTokens'], chatWith('forwarding-late')),
    },
  };

  /** Half a body, and then nothing for a long time. */
  async function neverArrives({ rules, path }: Asked): Promise<Got> {
    const raw = await openRaw(still.port);
    const line = `${rules.method} ${path}`;
    raw.write(rawRequest(line, { ...authorized(still), 'Content-Length': '10' }), '{"half":');
    let answered = false;
    const answer = raw.answer(line).finally(() => {
      answered = true;
    });
    await until(() => {
      clock.advance(1000);
      return answered;
    });
    raw.destroy();
    return toGot(await answer);
  }

  async function askUncounted(ask: Asked['ask']): Promise<Got> {
    return ask({ gateway: uncounted, key: await uncounted.makeKey() });
  }

  function entryFor(answer: string, id: OperationId): Provoke | undefined {
    const entry = provocations[answer];
    return typeof entry === 'function' ? entry : entry?.[id];
  }

  for (const listed of everyOne) {
    describe(`${listed.date} ${listed.id}`, () => {
      for (const [status, types] of Object.entries(listed.rules.answers)) {
        // An answer without a body has no type.
        for (const type of types.length === 0 ? [''] : types) {
          it(`${status} ${STATUS_CODES[status]}, ${type}`, async () => {
            const provoke = entryFor(`${status} ${type}`, listed.id) ?? entryFor(status, listed.id);
            assert.ok(provoke, `nothing here provokes ${listed.id} ${status}`);
            const got = await provoke(toAsked(listed));
            assert.deepEqual({ status: got.status, type: got.type }, { status: Number(status), type });
          });
        }
      }
    });
  }

  it('has no entry for what is not documented', () => {
    const documented = everyOne.flatMap(({ id, rules }) =>
      Object.entries(rules.answers).flatMap(([status, types]) => [
        `${status}`,
        ...types.map((type) => `${status} ${type}`),
        `${id} ${status}`,
        ...types.map((type) => `${id} ${status} ${type}`),
      ]),
    );
    const known = new Set(documented);
    const entries = Object.entries(provocations).flatMap(([answer, entry]) =>
      typeof entry === 'function' ? [answer] : Object.keys(entry).map((id) => `${id} ${answer}`),
    );
    assert.deepEqual(
      entries.filter((entry) => !known.has(entry)),
      [],
    );
  });
});

function eachOf(ids: readonly OperationId[], provoke: Provoke): { readonly [Id in OperationId]?: Provoke } {
  return Object.fromEntries(ids.map((id) => [id, provoke]));
}

function chatWith(model: string): Provoke {
  return ({ ask, date, id }) => ask({ body: { ...leastBody(date, id), model } });
}

function authorized({ adminKey }: TestGateway): Record<string, string> {
  return { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' };
}

function verbOf({ method }: Operation): Verb {
  return method;
}

function toGot(response: {
  status: number;
  headers: Record<string, unknown> | NodeJS.Dict<string | string[]>;
  text?: string;
}): Got {
  const type = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
  return { status: response.status, type, code: /"code":"(\w+)"/.exec(response.text ?? '')?.[1] };
}
