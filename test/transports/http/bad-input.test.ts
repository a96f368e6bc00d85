/** What no client should send, byte by byte: each gets its documented error, and nobody else notices. */
import assert from 'node:assert/strict';
import { openStream } from '../../support/open-stream.ts';
import { openRaw, rawRequest } from '../../support/raw-socket.ts';
import { scriptModels } from '../../support/script-models.ts';
import { finish, text } from '../../support/scripted-provider.ts';
import { adminKey, startGateway, type TestGateway } from '../../support/start-gateway.ts';

interface Case {
  /** The request line. */
  line: string;
  /** In place of a request with a good key and a good chat. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  bytes?: string | Uint8Array;
  /** Status and code. */
  answer: string;
  /** Refused before anybody looked at what is asked for, and the connection with it. */
  unparsed?: boolean;
  /** But not the connection. */
  stays?: boolean;
}

const key = { Authorization: `Bearer ${adminKey}` };
const json = { ...key, 'Content-Type': 'application/json' };
const good = '{"channel":"api","message":"hello"}';

const toChat = (body: string | Uint8Array, headers = {}): Omit<Case, 'answer'> => ({
  line: 'POST /api/chat',
  headers: { ...json, ...headers },
  body,
});
/** A chat whose tool has any JSON among its parameters, at the fifth level. */
const toTool = (value: string): Omit<Case, 'answer'> => ({
  line: 'POST /api/v2/chat',
  headers: json,
  body: `{"input":[{"type":"text","text":"a"}],"tools":[{"name":"t","parameters":{"a":${value}}}]}`,
});
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const get = (path: string, headers = {}): Omit<Case, 'answer'> => ({
  line: `GET ${path}`,
  headers: { ...key, ...headers },
  body: '',
});
const bytes = (line: string, rest: string): Omit<Case, 'answer'> => ({ line, bytes: `${line} HTTP/1.1\r\n${rest}` });
const unparsed = { unparsed: true, answer: '400 INVALID_REQUEST' };
const invalid = '400 INVALID_REQUEST';
const unsupported = '415 UNSUPPORTED_MEDIA_TYPE';

const cases: Record<string, Case> = {
  'no JSON': { ...toChat('hello'), answer: invalid },
  'JSON that breaks off': { ...toChat(good.slice(0, -1)), answer: invalid },
  'two JSON texts': { ...toChat(good + good), answer: invalid },
  'JSON with a byte order mark': { ...toChat(`\ufeff${good}`), answer: invalid },
  'JSON with NaN': { ...toChat('{"channel":"api","message":NaN}'), answer: invalid },
  'a text': { ...toChat('"hello"'), answer: invalid },
  'a list': { ...toChat('[]'), answer: invalid },
  null: { ...toChat('null'), answer: invalid },
  'nothing but a space': { ...toChat(' '), answer: invalid },
  'no body': { ...toChat(''), answer: invalid },
  'an empty chunked body': { ...bytesOf(json, '0\r\n\r\n'), answer: invalid },
  'bytes that are not UTF-8': {
    ...toChat(Buffer.from('{"channel":"api","message":"\xff"}', 'latin1')),
    answer: invalid,
  },
  'half a character of UTF-8': {
    ...toChat(Buffer.from(`{"channel":"api","message":"${'é'}`).subarray(0, -1)),
    answer: invalid,
  },
  'lists nested 40,000 deep': { ...toChat('['.repeat(40_000)), answer: invalid },
  'objects nested 40,000 deep': { ...toChat('{"a":'.repeat(40_000)), answer: invalid },
  'lists nested 40,000 deep and closed again': {
    ...toTool(nested(40_000)),
    answer: invalid,
  },
  'one level more than there may be': { ...toTool(nested(61)), answer: invalid },
  'as many levels as there may be': { ...toTool(nested(60)), answer: '200' },
  'a wrong type': { ...toChat('{"channel":"api","message":5}'), answer: invalid },
  'an unknown member': { ...toChat('{"channel":"api","message":"a","temperature":1}'), answer: invalid },
  'a member __proto__': { ...toChat('{"channel":"api","message":"a","__proto__":{"stream":true}}'), answer: invalid },
  'a member constructor': {
    ...toChat('{"channel":"api","message":"a","constructor":{"prototype":{}}}'),
    answer: invalid,
  },
  'a session id out of its pattern': {
    ...toChat('{"channel":"api","message":"a","sessionId":"../x"}'),
    answer: invalid,
  },
  'a member twice, of which the last counts': {
    ...toChat('{"channel":"api","message":5,"message":"a"}'),
    answer: '200',
  },

  'no content type': { ...toChat(good, { 'Content-Type': '' }), answer: unsupported },
  'a form': { ...toChat('a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }), answer: unsupported },
  'another JSON': { ...toChat(good, { 'Content-Type': 'application/merge-patch+json' }), answer: unsupported },
  'another charset': { ...toChat(good, { 'Content-Type': 'application/json; charset=utf-16' }), answer: unsupported },
  'a compressed body': { ...toChat(good, { 'Content-Encoding': 'gzip' }), answer: unsupported },
  'a content type in capitals, with its charset': {
    ...toChat(good, { 'Content-Type': 'APPLICATION/JSON; Charset="UTF-8"' }),
    answer: '200',
  },

  'an unknown path': { ...get('/nope'), answer: '404 NOT_FOUND' },
  'a path that goes on': { ...get('/health/x/y'), answer: '404 NOT_FOUND' },
  'a slash too many': { ...get('/api/status/'), answer: '404 NOT_FOUND' },
  'two slashes': { ...get('//health'), answer: '404 NOT_FOUND' },
  'a version that is not there': { ...get('/api/v3/status'), answer: '404 NOT_FOUND' },
  'an operation that only another version has': { ...get('/api/runs/run_0'), answer: '404 NOT_FOUND' },
  'the path alone': { ...get('/api'), answer: '404 NOT_FOUND' },
  'no path': { line: 'OPTIONS *', headers: {}, body: '', answer: '404 NOT_FOUND' },
  'bad percent-encoding': { ...get('/api/sessions/%zz'), answer: '404 NOT_FOUND' },
  'percent-encoding that is not UTF-8': { ...get('/api/sessions/%ff'), answer: '404 NOT_FOUND' },
  'an encoded slash': { ...get('/api/sessions/a%2fb'), answer: invalid },
  'an encoded NUL': { ...get('/api/sessions/a%00'), answer: invalid },
  'a path upwards': { ...get('/api/sessions/..'), answer: invalid },
  'an id __proto__': { ...get('/api/sessions/__proto__'), answer: invalid },
  'an id constructor': { ...get('/api/sessions/constructor'), answer: '404 SESSION_NOT_FOUND' },
  'an id that is too long': { ...get(`/api/sessions/${'a'.repeat(129)}`), answer: invalid },
  'a parameter out of its bounds': { ...get('/api/sessions?limit=0'), answer: invalid },
  'a parameter that is no number': { ...get('/api/sessions?limit=ten'), answer: invalid },
  'an unknown parameter': { ...get('/api/sessions?offset=1'), answer: invalid },
  'a parameter __proto__': { ...get('/api/sessions?__proto__=1'), answer: invalid },
  'a cursor that nobody gave': { ...get('/api/v2/sessions?cursor=eHl6'), answer: invalid },
  'a wrong method': { line: 'PUT /api/chat', headers: json, body: good, answer: '405 METHOD_NOT_ALLOWED' },
  'a method of other protocols': { line: 'PROPFIND /health', headers: {}, body: '', answer: '405 METHOD_NOT_ALLOWED' },
  TRACE: { line: 'TRACE /health', headers: key, body: '', answer: '405 METHOD_NOT_ALLOWED' },

  'no key': { line: 'GET /api/status', headers: {}, body: '', answer: '401 UNAUTHORIZED' },
  'an empty key': { ...get('/api/status', { Authorization: 'Bearer ' }), answer: '401 UNAUTHORIZED' },
  'a key of another scheme': {
    ...get('/api/status', { Authorization: `Basic ${adminKey}` }),
    answer: '401 UNAUTHORIZED',
  },
  'a key in the address': {
    line: `GET /api/status?key=${adminKey}`,
    headers: {},
    body: '',
    answer: '401 UNAUTHORIZED',
  },
  'a key of 10,000 characters': {
    ...get('/api/status', { Authorization: `Bearer ${'x'.repeat(10_000)}` }),
    answer: '401 UNAUTHORIZED',
  },
  'an unknown version': {
    ...get('/api/v2/status', { 'X-API-Version': '2020-01-01' }),
    answer: '400 UNSUPPORTED_API_VERSION',
  },
  'no version at all': { ...get('/api/status', { 'X-API-Version': '<b>' }), answer: '400 UNSUPPORTED_API_VERSION' },
  'two versions': { ...get('/api/v2/status', { 'X-API-Version': '2026-03-01' }), answer: '400 VERSION_CONFLICT' },
  'an empty Idempotency-Key': { ...toChat(good, { 'Idempotency-Key': '' }), answer: invalid },
  'a long Idempotency-Key': { ...toChat(good, { 'Idempotency-Key': 'x'.repeat(256) }), answer: invalid },

  'no HTTP': { line: 'GET /', bytes: 'hello\r\n\r\n', ...unparsed },
  TLS: { line: 'GET /', bytes: Buffer.from('16030100c8010000c40303', 'hex'), ...unparsed },
  'a method nobody knows': { ...bytes('FOO /health', 'Host: a\r\n\r\n'), ...unparsed },
  'NUL in the path': { ...bytes('GET /hea\0lth', 'Host: a\r\n\r\n'), ...unparsed },
  'NUL in a header': { ...bytes('GET /health', 'Host: a\r\nX: a\0b\r\n\r\n'), ...unparsed },
  'a folded header': { ...bytes('GET /health', 'Host: a\r\nX: y\r\n folded\r\n\r\n'), ...unparsed },
  'a space before the colon': { ...bytes('GET /health', 'Host : a\r\n\r\n'), ...unparsed },
  'lines without CR': { line: 'GET /health', bytes: 'GET /health HTTP/1.1\nHost: a\n\n', ...unparsed },
  'no host': { ...bytes('GET /health', '\r\n'), ...unparsed, stays: true },
  'length and chunks at once': { ...toChat(good, { 'Transfer-Encoding': 'chunked' }), ...unparsed },
  'two lengths': {
    ...bytes('POST /api/chat', 'Host: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'),
    ...unparsed,
  },
  'a negative length': { ...bytes('POST /api/chat', 'Host: a\r\nContent-Length: -5\r\n\r\n'), ...unparsed },
  'a length in words': { ...bytes('POST /api/chat', 'Host: a\r\nContent-Length: ten\r\n\r\n'), ...unparsed },
  'an unknown transfer encoding': {
    ...bytes('POST /api/chat', 'Host: a\r\nTransfer-Encoding: gzip\r\n\r\n'),
    ...unparsed,
  },
  'a chunk without a length': { ...bytesOf(json, 'zz\r\n'), ...unparsed },
  'a head of 20,000 bytes': {
    ...get('/health', { 'X-Long': 'x'.repeat(20_000) }),
    unparsed: true,
    answer: '431 HEADERS_TOO_LARGE',
  },
  'a path of 20,000 bytes': { ...get(`/${'x'.repeat(20_000)}`), unparsed: true, answer: '431 HEADERS_TOO_LARGE' },
  'a tunnel': { ...bytes('CONNECT example.com:443', 'Host: example.com:443\r\n\r\n'), answer: '404 NOT_FOUND' },
};

function bytesOf(headers: Record<string, string>, body: string): Omit<Case, 'answer'> {
  const line = 'POST /api/chat';
  return {
    line,
    bytes: Buffer.concat([rawRequest(line, { ...headers, 'Transfer-Encoding': 'chunked' }), Buffer.from(body)]),
  };
}

describe('bad input', () => {
  let gateway: TestGateway;
  before(async () => {
    const { parts, settings } = scriptModels({ steady: [text('fine'), finish], stuck: [text('so '), 'hang'] });
    gateway = await startGateway({ parts, settings });
  });
  after(() => gateway.close());

  for (const [name, one] of Object.entries(cases)) {
    it(`${name} → ${one.answer}`, async () => {
      const raw = await openRaw(gateway.port);
      raw.write(one.bytes ?? rawRequest(one.line, one.headers ?? {}, one.body));
      const answer = await raw.answer(one.line, one.unparsed ? { unparsed: true } : {});
      const code = /"code":"(\w+)"/.exec(answer.text)?.[1];
      assert.equal([answer.status, code].filter(Boolean).join(' '), one.answer, answer.text);
      if ((one.unparsed && !one.stays) || one.line.startsWith('CONNECT')) {
        assert.equal(answer.headers.connection, 'close');
        await raw.closed;
      } else {
        // The connection is as good as before.
        raw.write(rawRequest('GET /health', {}));
        assert.equal((await raw.answer('GET /health')).text, '{"status":"ok"}');
      }
      raw.destroy();
    });
  }

  it('disturbs nobody else', async () => {
    const stream = await openStream(gateway, '/api/chat', {
      body: { channel: 'api', message: 'hello', model: 'stuck', stream: true },
    });
    await stream.next();
    await Promise.all(
      Object.values(cases).map(async (one) => {
        const raw = await openRaw(gateway.port);
        raw.write(one.bytes ?? rawRequest(one.line, one.headers ?? {}, one.body));
        await raw.answer(one.line, one.unparsed ? { unparsed: true } : {});
        raw.destroy();
      }),
    );
    assert.equal((await gateway.request('GET', '/api/status')).body.data.runs.active, 1);
    stream.leave();
    assert.deepEqual(
      gateway.logged.filter(({ level }) => level === 'error'),
      [],
    );
  });

  it('is refused within 20 ms of its last byte', async () => {
    const times: number[] = [];
    for (const one of Object.values(cases)) {
      const raw = await openRaw(gateway.port);
      const all = Buffer.from(one.bytes ?? rawRequest(one.line, one.headers ?? {}, one.body));
      raw.write(all.subarray(0, -1));
      const began = performance.now();
      raw.write(all.subarray(-1));
      await raw.answer(one.line, one.unparsed ? { unparsed: true } : {});
      times.push(performance.now() - began);
      raw.destroy();
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;
    assert.ok(median <= 20, `half of them took more than ${median} ms`);
  });
});
