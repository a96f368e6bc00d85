/** Every code of the catalogue that a client can see, met on REST and on the WebSocket, or the reason why it is not. */
import assert from 'node:assert/strict';
import { type ErrorCode, errors } from '../../generated/errors.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { versions } from '../../src/versions/index.ts';
import { type BreakableStore, createBreakableStore } from '../support/breakable-store.ts';
import { HandClock } from '../support/hand-clock.ts';
import { enterSocket, type Frame, type OpenSocket, openSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { openRaw, rawRequest } from '../support/raw-socket.ts';
import { scriptModels } from '../support/script-models.ts';
import { finish, text } from '../support/scripted-provider.ts';
import {
  type GatewayOptions,
  type RequestOptions,
  startGateway,
  type TestGateway,
  type Verb,
} from '../support/start-gateway.ts';
import { until } from '../support/until.ts';

type Visible = Exclude<ErrorCode, 'CLIENT_CLOSED'>;

interface Provocations {
  /** Gives the code that was answered. */
  rest: (() => Promise<string>) | Reason;
  socket: (() => Promise<string>) | Reason;
}

/** Why a code cannot be met there. */
type Reason = string;

const { parts, settings } = scriptModels({
  steady: [text('fine'), finish],
  unsupported: [{ fail: 'unsupported_parameter', parameter: 'temperature' }],
  long: [{ fail: 'context_too_long' }],
  garbled: [{ fail: 'malformed' }],
  down: [{ fail: 'unavailable' }],
  late: [{ fail: 'timeout' }],
  broken: [{ throw: new Error('the adapter has a fault') }],
  stuck: [text('so '), 'hang'],
});

describe('the catalogue of errors', () => {
  const clock = new HandClock();
  let store: BreakableStore;
  let gateway: TestGateway;
  let still: TestGateway;

  before(async () => {
    store = createBreakableStore();
    gateway = await startGateway({ parts: { ...parts, store }, settings });
    still = await startGateway({ parts: { ...parts, clock }, settings });
  });
  after(() => Promise.all([gateway.close(), still.close()]));

  const chat = { channel: 'api', message: 'hello' };
  const ask = async (method: Verb, path: string, options: RequestOptions = {}, at = gateway) =>
    codeOf((await at.request(method, path, options)).text);
  const chatOn = (model: string) => () => ask('POST', '/api/chat', { body: { ...chat, model } });
  const frame = { type: 'message', channel: 'api', content: 'hello' };
  const sayOn = (model: string) => () => say({ ...frame, model });

  /** The code that a frame of a new connection is answered with. */
  async function say(sent: object, key?: string): Promise<string> {
    const open = await enterSocket(gateway, key);
    open.send(sent);
    const code = codeIn(await open.answer());
    await open.close();
    return code;
  }

  /** The code that a first frame is answered with; the socket is then closed as the catalogue says. */
  async function knock(sent: object, path = '/ws'): Promise<string> {
    const open = await openSocket(gateway, path);
    open.send(sent);
    return dismissed(open);
  }

  async function withOwn(options: GatewayOptions, act: (own: TestGateway) => Promise<string>): Promise<string> {
    const own = await startGateway(options);
    try {
      return await act(own);
    } finally {
      await own.close();
    }
  }

  async function whileBroken(fault: unknown, act: () => Promise<string>): Promise<string> {
    store.break(fault);
    try {
      return await act();
    } finally {
      store.break(undefined);
    }
  }

  /** A gateway that is told to stop while it still answers somebody. */
  function draining(graceMs: number, act: (own: TestGateway, open: OpenSocket) => Promise<string>): Promise<string> {
    return withOwn({ parts, settings }, async (own) => {
      const open = await enterSocket(own);
      open.send({ ...frame, model: 'stuck' });
      await open.next('chunk');
      const drained = own.server.gateway.drain(graceMs);
      const code = await act(own, open);
      open.socket.terminate();
      await drained;
      return code;
    });
  }

  const retired = versions.map((version, index) =>
    index === 0
      ? { ...version, deprecation: { deprecated: '2025-01-01', sunset: '2025-06-01', successor: '2026-11-01' } }
      : version,
  );
  const storeGone = new GatewayError('STORE_UNAVAILABLE', 'The disk is full.');
  const httpOnly = 'frames have neither path, method, headers nor content type';

  const table: Record<Visible, Provocations> = {
    INVALID_REQUEST: {
      rest: () => ask('POST', '/api/chat', { body: { ...chat, message: 5 } }),
      socket: () => say({ ...frame, content: 5 }),
    },
    UNSUPPORTED_API_VERSION: {
      rest: () => ask('GET', '/api/status', { headers: { 'X-API-Version': '2020-01-01' } }),
      socket: () => knock({ type: 'auth', token: gateway.adminKey, version: '2020-01-01' }),
    },
    VERSION_CONFLICT: {
      rest: () => ask('GET', '/api/v2/status', { headers: { 'X-API-Version': '2026-03-01' } }),
      socket: () => knock({ type: 'auth', token: gateway.adminKey, version: '2026-03-01' }, '/api/v2/ws'),
    },
    UNSUPPORTED_PARAMETER: { rest: chatOn('unsupported'), socket: sayOn('unsupported') },
    CONTEXT_TOO_LONG: { rest: chatOn('long'), socket: sayOn('long') },
    UNAUTHORIZED: {
      rest: () => ask('GET', '/api/status', { key: 'wrong' }),
      socket: () => knock({ type: 'auth', token: 'wrong' }),
    },
    FORBIDDEN: {
      rest: async () => ask('GET', '/api/status', { key: await gateway.makeKey({ scopes: ['sessions'] }) }),
      socket: async () => say(frame, await gateway.makeKey({ scopes: ['sessions'] })),
    },
    NOT_FOUND: { rest: () => ask('GET', '/nowhere'), socket: httpOnly },
    SESSION_NOT_FOUND: {
      rest: () => ask('GET', '/api/sessions/nowhere'),
      socket: 'a message makes the session that it names',
    },
    MODEL_NOT_FOUND: { rest: chatOn('nobody'), socket: sayOn('nobody') },
    METHOD_NOT_ALLOWED: { rest: () => ask('DELETE', '/api/chat'), socket: httpOnly },
    REQUEST_TIMEOUT: {
      async rest() {
        const raw = await openRaw(still.port);
        const headers = { Authorization: `Bearer ${still.adminKey}`, 'Content-Type': 'application/json' };
        raw.write(rawRequest('POST /api/chat', { ...headers, 'Content-Length': '10' }));
        return passTime(
          clock,
          raw.answer('POST /api/chat').then((answer) => codeOf(answer.text)),
        ).finally(raw.destroy);
      },
      socket: async () => passTime(clock, dismissed(await openSocket(still))),
    },
    CONFLICT: {
      async rest() {
        const made = await gateway.request('POST', '/api/v2/keys', {
          body: { name: 'k', user: 'ann', scopes: ['chat'] },
        });
        await gateway.request('DELETE', `/api/keys/${made.body.id}`);
        return ask('POST', `/api/keys/${made.body.id}/rotate`);
      },
      socket: 'messages of one session wait for one another, and none has an Idempotency-Key',
    },
    SESSION_CLOSED: {
      rest: async () => {
        await closeSession('closed');
        return ask('POST', '/api/chat', { body: { ...chat, sessionId: 'closed' } });
      },
      socket: 'it is INVALID_SESSION there, as the source has it',
    },
    INVALID_SESSION: {
      rest: 'a closed session is SESSION_CLOSED there and a malformed id INVALID_REQUEST',
      socket: async () => {
        await closeSession('closed-too');
        assert.equal(await say({ ...frame, sessionId: 'not an id' }), 'INVALID_SESSION');
        return say({ ...frame, sessionId: 'closed-too' });
      },
    },
    GONE: {
      rest: () => withOwn({ parts: { versions: retired } }, (own) => ask('GET', '/api/v1/status', {}, own)),
      socket: 'the upgrade is refused, or `auth` closes the socket: see test/transports/ws',
    },
    PAYLOAD_TOO_LARGE: {
      rest: () => ask('POST', '/api/sessions/s', { body: { action: 'rename', title: 'x'.repeat(102_400) } }),
      socket: async () => {
        const open = await enterSocket(gateway);
        open.send({ ...frame, content: 'x'.repeat(64 * 1024) });
        assert.equal((await open.closed).code, errors.PAYLOAD_TOO_LARGE.closeCode);
        return 'PAYLOAD_TOO_LARGE';
      },
    },
    UNSUPPORTED_MEDIA_TYPE: {
      rest: () => ask('POST', '/api/chat', { body: 'hello', headers: { 'Content-Type': 'text/plain' } }),
      socket: httpOnly,
    },
    IDEMPOTENCY_MISMATCH: {
      rest: async () => {
        const headers = { 'Idempotency-Key': 'order-1' };
        await gateway.request('POST', '/api/chat', { body: chat, headers });
        return ask('POST', '/api/chat', { body: { ...chat, message: 'other' }, headers });
      },
      socket: httpOnly,
    },
    RATE_LIMITED: {
      rest: async () => {
        const key = await gateway.makeKey({ limits: { requestsPerMinute: 1 } });
        await gateway.request('GET', '/api/status', { key });
        return ask('GET', '/api/status', { key });
      },
      socket: async () => {
        const key = await gateway.makeKey({ limits: { requestsPerMinute: 1 } });
        await gateway.request('GET', '/api/status', { key });
        return say(frame, key);
      },
    },
    BUDGET_EXCEEDED: {
      rest: 'budgets are a later part of the gateway; the code is reserved for them',
      socket: 'budgets are a later part of the gateway; the code is reserved for them',
    },
    HEADERS_TOO_LARGE: {
      rest: async () => {
        const raw = await openRaw(gateway.port);
        raw.write(rawRequest('GET /health', { 'X-Long': 'x'.repeat(20_000) }));
        return codeOf((await raw.answer('GET /health', { unparsed: true })).text);
      },
      socket: httpOnly,
    },
    INTERNAL: { rest: chatOn('broken'), socket: sayOn('broken') },
    PROVIDER_ERROR: { rest: chatOn('garbled'), socket: sayOn('garbled') },
    PROVIDER_UNAVAILABLE: { rest: chatOn('down'), socket: sayOn('down') },
    PROVIDER_TIMEOUT: { rest: chatOn('late'), socket: sayOn('late') },
    STORE_UNAVAILABLE: {
      rest: () => whileBroken(storeGone, () => ask('POST', '/api/chat', { body: chat })),
      socket: () => whileBroken(storeGone, () => say(frame)),
    },
    INTERRUPTED: {
      rest: () =>
        withOwn({ parts, settings }, async (own) => {
          const stream = await openStream(own, '/api/chat', { body: { ...chat, model: 'stuck', stream: true } });
          await stream.next();
          await own.server.gateway.drain(0);
          return String((await stream.all()).at(-1)?.data.code);
        }),
      socket: () => draining(0, async (_own, open) => codeIn(await open.answer())),
    },
    SHUTTING_DOWN: {
      rest: () => draining(1_000_000, async (own) => ask('GET', '/api/status', {}, own)),
      socket: () =>
        draining(1_000_000, async (_own, open) => {
          open.send({ ...frame, id: 'late' });
          return codeIn([await open.next('error')]);
        }),
    },
  };

  async function closeSession(sessionId: string): Promise<void> {
    await gateway.request('POST', '/api/chat', { body: { ...chat, sessionId } });
    await gateway.request('POST', `/api/sessions/${sessionId}`, { body: { action: 'close' } });
  }

  for (const [code, { rest, socket }] of Object.entries(table)) {
    if (typeof rest === 'function') it(`${code} on REST`, async () => assert.equal(await rest(), code));
    if (typeof socket === 'function') it(`${code} on the WebSocket`, async () => assert.equal(await socket(), code));
  }

  it('has an entry here for every code that can be seen', () => {
    const visible = Object.entries(errors).filter(([, entry]) => !('visible' in entry));
    assert.deepEqual(Object.keys(table).sort(), visible.map(([code]) => code).sort());
  });
});

function codeOf(body: string): string {
  return /"code":"(\w+)"/.exec(body)?.[1] ?? `no code in ${body}`;
}

function codeIn(frames: readonly Frame[]): string {
  return String(frames.at(-1)?.code ?? `no code in ${JSON.stringify(frames)}`);
}

async function dismissed(open: OpenSocket): Promise<string> {
  const code = codeIn([await open.next('error')]);
  const entry = Object.entries(errors).find(([known]) => known === code)?.[1];
  assert.ok(entry && 'closeCode' in entry, `${code} has no close code`);
  assert.equal((await open.closed).code, entry.closeCode);
  return code;
}

/** Turns the clock until it is done. */
async function passTime<Result>(clock: HandClock, work: Promise<Result>): Promise<Result> {
  let done = false;
  const watched = work.finally(() => {
    done = true;
  });
  await until(() => {
    clock.advance(1000);
    return done;
  });
  return watched;
}
