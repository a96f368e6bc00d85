/** What stands around a request: connections that are used again, heads that HTTP allows, and what comes behind a request. */
import assert from 'node:assert/strict';
import { openRaw, rawRequest } from '../../support/raw-socket.ts';
import { scriptModels } from '../../support/script-models.ts';
import { finish, text } from '../../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';

describe('connections', () => {
  let gateway: TestGateway;
  let resume = Promise.withResolvers<void>();

  before(async () => {
    gateway = await startGateway(
      scriptModels({
        steady: [text('fine'), finish],
        waits: () => [text('so '), { wait: resume.promise }, text('far'), finish],
      }),
    );
  });
  beforeEach(() => {
    resume = Promise.withResolvers();
  });
  after(() => gateway.close());

  const headers = () => ({ Authorization: `Bearer ${gateway.adminKey}`, 'Content-Type': 'application/json' });
  const chat = (more: object = {}) => JSON.stringify({ channel: 'api', message: 'hello', ...more });

  it('serve on after refusals, with a body and without', async () => {
    const raw = await openRaw(gateway.port);
    for (const [line, status, body] of [
      ['GET /nope', 404],
      ['PUT /health', 405],
      ['GET /api/status', 401],
      ['POST /api/chat', 401, chat()],
      ['POST /api/chat', 401, chat({ message: 'x'.repeat(60_000) })],
      ['GET /health', 200],
    ] as const) {
      raw.write(rawRequest(line, {}, body));
      const answer = await raw.answer(line);
      assert.equal(answer.status, status);
      assert.notEqual(answer.headers.connection, 'close', line);
    }
    raw.destroy();
  });

  it('answer streams in the order they came in one packet, each to its end', async () => {
    const raw = await openRaw(gateway.port);
    const stream = (model: string) => rawRequest('POST /api/chat', headers(), chat({ model, stream: true }));
    raw.write(Buffer.concat([stream('waits'), stream('steady'), rawRequest('GET /health', {})]));
    await until(() => gateway.server.gateway.runs.active() === 1);
    resume.resolve();
    const pieces = async () => (await raw.answer('POST /api/chat')).text.match(/"content":"[^"]*"|"type":"done"/g);
    assert.deepEqual(await pieces(), ['"content":"so "', '"content":"far"', '"type":"done"']);
    assert.deepEqual(await pieces(), ['"content":"fine"', '"type":"done"']);
    assert.equal((await raw.answer('GET /health')).status, 200);
    raw.destroy();
  });

  it('answer requests in the order they came in one packet', async () => {
    const raw = await openRaw(gateway.port);
    raw.write(
      Buffer.concat([
        rawRequest('POST /api/chat', headers(), chat({ message: 'one' })),
        rawRequest('GET /nope', {}),
        rawRequest('GET /api/v2/versions', headers()),
      ]),
    );
    assert.equal((await raw.answer('POST /api/chat')).status, 200);
    assert.equal((await raw.answer('GET /nope')).status, 404);
    assert.equal((await raw.answer('GET /api/v2/versions')).status, 200);
    raw.destroy();
  });

  for (const [name, bytes] of Object.entries<Buffer | string>({
    'a whole address as its target': rawRequest('GET http://gateway.example/health?x=1', {}),
    'an expectation that nobody knows': rawRequest('GET /health', { Expect: 'a-miracle' }),
    'the wish for HTTP/2': rawRequest('GET /health', {
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA',
    }),
    'HTTP/1.0': 'GET /health HTTP/1.0\r\n\r\n',
    'an empty line before it': `\r\n${rawRequest('GET /health', {})}`,
    'a body that nobody asked for': rawRequest('GET /health', {}, '{"a":1}'),
    '16,000 bytes of head': rawRequest('GET /health', { 'X-Long': 'x'.repeat(16_000) }),
  })) {
    it(`answer a request with ${name}`, async () => {
      const raw = await openRaw(gateway.port);
      raw.write(bytes);
      assert.equal((await raw.answer('GET /health')).text, '{"status":"ok"}');
      raw.destroy();
    });
  }

  it('answer HEAD like GET, without a body', async () => {
    const raw = await openRaw(gateway.port);
    for (const path of ['/health', '/api/status', '/api/v2/models', '/docs', '/nope', '/api/sessions/nowhere']) {
      raw.write(rawRequest(`GET ${path}`, headers()));
      const whole = await raw.answer(`GET ${path}`);
      raw.write(rawRequest(`HEAD ${path}`, headers()));
      const head = await raw.answer(`HEAD ${path}`);
      assert.equal(head.status, whole.status, path);
      assert.equal(head.headers['content-type'], whole.headers['content-type'], path);
      assert.equal(head.headers['content-length'], whole.headers['content-length'], path);
    }
    assert.equal(raw.rest().length, 0);
    raw.destroy();
  });

  it('do not let what comes behind a request spoil its answer', async () => {
    const raw = await openRaw(gateway.port);
    const body = chat({ model: 'waits' });
    raw.write(rawRequest('POST /api/chat', headers(), body), 'this is no HTTP\r\n\r\n');
    await until(() => gateway.server.gateway.runs.active() === 1);
    resume.resolve();
    assert.equal((await raw.answer('POST /api/chat')).status, 200);
    await raw.closed;
    assert.equal(raw.rest().length, 0);
  });

  it('do not let what comes behind it into a stream', async () => {
    const raw = await openRaw(gateway.port);
    raw.write(rawRequest('POST /api/chat', headers(), chat({ model: 'waits', stream: true })));
    await until(() => raw.rest().includes('so '));
    raw.write('this is no HTTP\r\n\r\n');
    await until(() => !raw.socket.writableNeedDrain);
    resume.resolve();
    const answer = await raw.answer('POST /api/chat');
    assert.match(answer.text, /"far".*"done"/s);
    assert.doesNotMatch(answer.text, /INVALID_REQUEST/);
    await raw.closed;
  });

  it('refuse a smuggled request as one', async () => {
    const raw = await openRaw(gateway.port);
    const smuggled = rawRequest('GET /api/status', headers()).toString();
    raw.write(rawRequest('POST /api/chat', { ...headers(), 'Transfer-Encoding': 'chunked' }, `0\r\n\r\n${smuggled}`));
    assert.equal((await raw.answer('POST /api/chat', { unparsed: true })).status, 400);
    await raw.closed;
    assert.equal(raw.rest().length, 0, 'nothing answers what was smuggled');
  });
});
