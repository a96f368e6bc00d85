import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { createLog } from '../../src/telemetry/log.ts';
import { createScrub } from '../../src/telemetry/scrub.ts';

const canary = 'cAnArY+/=?&"7f3a\\9c1e';

function linesOf(write: (log: ReturnType<typeof createLog>) => void, secrets = [canary]): string {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  write(createLog({ level: 'debug', destination, secrets }));
  for (const line of written.trim().split('\n')) JSON.parse(line);
  return written;
}

/** Whatever a reader could make of the line: itself, its JSON read, its base64 and hex decoded. */
function seen(text: string): string {
  const words = text.match(/[\w+/=-]{12,}/g) ?? [];
  const decoded = words.flatMap((word) => [
    ...[0, 1, 2, 3].map((offset) => Buffer.from(word.slice(offset), 'base64').toString('latin1')),
    Buffer.from(word, 'hex').toString('latin1'),
  ]);
  return [text, text.replaceAll('\\"', '"').replaceAll('\\\\', '\\'), ...decoded].join('\n');
}

describe('a secret that the log was told of', () => {
  const places: [name: string, fields: Record<string, unknown>][] = [
    ['a field', { note: `it is ${canary}!` }],
    ['the name of a field', { [canary]: 1 }],
    ['a list', { list: ['a', [canary]] }],
    ['a depth', { a: { b: { c: { d: canary } } } }],
    ['an error', { error: new Error(`cannot use ${canary}`) }],
    ['a cause', { error: new Error('outer', { cause: new Error(canary) }) }],
    ['a cause that is no error', { error: new Error('outer', { cause: { body: canary } }) }],
    ['a member of an error', { error: Object.assign(new Error('x'), { url: `https://a/?k=${canary}` }) }],
    ['one of several errors', { error: new AggregateError([new Error(canary)]) }],
    ['a map', { map: new Map([[canary, canary]]) }],
    ['a URL', { url: new URL(`https://a.example/?key=${encodeURIComponent(canary)}`) }],
    ['base64', { body: Buffer.from(canary).toString('base64') }],
    ['base64 behind one byte', { body: Buffer.from(`x${canary}yy`).toString('base64') }],
    ['base64 behind two bytes', { body: Buffer.from(`me:${canary}`).toString('base64url') }],
    ['hex', { body: Buffer.from(`me${canary}`).toString('hex') }],
    ['JSON in a string', { body: JSON.stringify({ token: canary }) }],
    ['bytes', { body: Buffer.from(canary) }],
  ];
  for (const [name, fields] of places) {
    it(`is not seen in ${name}`, () => {
      const written = linesOf((log) => {
        log.debug(fields, 'fields');
        log.with(fields).info({}, 'bound');
        log.with({ outer: 1 }).error({ fields }, 'nested');
      });
      assert.equal(written.split('\n').length, 4);
      assert.ok(!seen(written).includes('cAnArY'), written);
    });
  }

  it('is not seen in a message', () => {
    assert.ok(!seen(linesOf((log) => log.info({}, `careless ${canary}`))).includes('cAnArY'));
  });

  it('is not seen, cut where a long text ends', () => {
    const written = linesOf((log) => log.info({ long: 'x'.repeat(8192 - 6) + canary }, 'long'));
    assert.ok(!written.includes('cAnArY'));
  });

  it('is taken out of any text, and nothing else is', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' });
    const around = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(fc.uniqueArray(secret, { minLength: 1, maxLength: 5 }), around, around, (secrets, before, after) => {
        const scrub = createScrub(secrets);
        for (const one of secrets) {
          assert.ok(!scrub(`${before} ${one} ${after}`).includes(one));
          assert.ok(!scrub(encodeURIComponent(one)).includes(encodeURIComponent(one)));
        }
        if (secrets.every((one) => !before.includes(one))) assert.equal(scrub(before), before);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a secret that nobody told the log of', () => {
  it('is known by the name of its field', () => {
    const names = ['authorization', 'Authorization', 'apiKey', 'api_key', 'x-api-key', 'key', 'token', 'botToken'];
    const more = ['secret', 'webhookSecret', 'client_secret', 'password', 'cookie', 'set-cookie', 'credential'];
    for (const name of [...names, ...more, 'x-telegram-bot-api-secret-token', 'accessToken', 'Proxy-Authorization']) {
      const written = linesOf((log) =>
        log.info({ headers: { [name]: 'hidden-value', list: [{ [name]: ['hidden-value'] }] } }, 'x'),
      );
      assert.ok(!written.includes('hidden-value'), name);
    }
  });

  it('is not suspected in names that only sound like one', () => {
    const fields = {
      inputTokens: 5,
      token: 7,
      keyId: 'key_1',
      keyPrefix: 'ocg_4Fh2',
      tokenCount: '9',
      monkey: 'a',
      author: 'b',
    };
    const [line = ''] = linesOf((log) => log.info(fields, 'x')).split('\n');
    const { level, time, msg, ...rest } = JSON.parse(line);
    assert.deepEqual(rest, fields);
  });

  it('is known by its shape', () => {
    const shapes = [
      'ocg_4Fh2q8ZbLr7XtVn0MwYc3KdJs5Pg1RuEaXyT0B',
      'sk-proj-abcdefghijklmnop1234',
      'xoxb-1234567890-abcdefghij',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
      'Bearer abc.def.ghi-jkl',
      'https://me:pass-word@host/path',
    ];
    for (const shape of shapes) {
      const written = linesOf((log) => log.info({ note: `got ${shape} from a client` }, 'x'));
      assert.ok(!written.includes(shape), written);
      assert.match(written, /got .*\[redacted\].* from a client/);
    }
  });

  it('leaves ids, times and addresses as they are', () => {
    const fields = {
      keyId: 'key_01kaq3w8x4m2v9t6r5e1z0c7bf',
      runId: 'run_01kaq3w8x4m2v9t6r5e1z0c7bf',
      url: 'https://api.openai.com/v1/chat/completions',
      at: '2026-11-22T10:00:00.000Z',
      address: '127.0.0.1:18790',
      prefix: 'ocg_4Fh2',
    };
    const [line = ''] = linesOf((log) => log.info(fields, 'x')).split('\n');
    const { level, time, msg, ...rest } = JSON.parse(line);
    assert.deepEqual(rest, fields);
  });
});
