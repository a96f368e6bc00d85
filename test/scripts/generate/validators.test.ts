import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnswerValidators, RequestValidators, Validate } from '../../../generated/validators/validate.ts';
import { renderFixture, writeFixture } from './fixture.ts';

interface Modules {
  requests: Record<string, RequestValidators>;
  clientFrames: Record<string, Validate>;
  faults: Record<string, RequestValidators>;
  answers: Record<string, AnswerValidators>;
  serverFrames: Record<string, Validate>;
  events: Record<string, Validate>;
}

type Fault = `${string} ${string}`;

/** The faults of a value, as `<pointer> <keyword>`. */
function faultsOf(validate: Validate | null | undefined, value: unknown): Fault[] {
  assert.ok(validate, 'there is no such validator');
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword }): Fault => `${instancePath} ${keyword}`);
}

describe('generated/validators', () => {
  const modules: Record<string, Modules> = {};
  let config: Validate;
  let remove: () => Promise<void>;

  before(async () => {
    const { folder, remove: removeFolder } = await writeFixture();
    remove = removeFolder;
    const load = (name: string) => import(pathToFileURL(join(folder, 'validators', name)).href);
    for (const date of ['2026-03-01', '2026-11-01', 'vendor']) {
      const parts = ['requests', 'faults', 'answers'].map((part) => load(`${date}.${part}.js`));
      modules[date] = Object.assign({}, ...(await Promise.all(parts)));
    }
    ({ config } = await load('config.js'));
  });

  after(() => remove());

  const v1 = () => modules['2026-03-01'] ?? assert.fail();
  const v2 = () => modules['2026-11-01'] ?? assert.fail();

  it('are modules that need no `require`', async () => {
    const files = Object.entries(await renderFixture()).filter(([name]) => /^validators.*js$/.test(name));
    for (const [name, text] of files) assert.ok(!text.includes('require('), name);
  });

  it('of a foreign shape leave requests open for what they do not name, and close its answers', () => {
    const { requests = {}, answers = {}, clientFrames } = modules.vendor ?? assert.fail();
    const body = requests.changeThing?.body;
    assert.deepEqual(faultsOf(body, { size: 1, colour: 'red' }), []);
    assert.deepEqual(faultsOf(body, { size: 10, colour: 'red' }), ['/size maximum']);
    assert.deepEqual(faultsOf(body, { colour: 'red' }), [' required']);
    const answer = answers.changeThing?.['200']?.['application/json'];
    assert.deepEqual(faultsOf(answer, { name: 'a' }), []);
    assert.deepEqual(faultsOf(answer, { name: 'a', colour: 'red' }), [' additionalProperties']);
    assert.deepEqual(clientFrames, {});
  });

  describe('of bodies', () => {
    const cases: [value: unknown, faults: Fault[]][] = [
      [{ text: 'hello' }, []],
      [{ text: 'hello', count: 10 }, []],
      [{}, [' required']],
      [null, [' type']],
      [[], [' type']],
      [{ text: '' }, ['/text minLength']],
      [{ text: '😀'.repeat(1000) }, []],
      [{ text: '😀'.repeat(1001) }, ['/text maxLength']],
      [{ text: 'a'.repeat(1001) }, ['/text maxLength']],
      [{ text: 'hello', other: 1 }, [' additionalProperties']],
      [{ text: 'hello', count: '5' }, ['/count type']],
      [{ text: '', count: 11 }, ['/text minLength']],
    ];
    for (const [value, faults] of cases) {
      it(`find [${faults}] in ${JSON.stringify(value).slice(0, 40)}`, () => {
        assert.deepEqual(faultsOf(v1().requests.createNote?.body, value), faults);
      });
    }

    it('change nothing and fill in nothing', () => {
      const value = Object.freeze({ text: 'hello' });
      assert.deepEqual(faultsOf(v1().requests.createNote?.body, value), []);
      assert.deepEqual(value, { text: 'hello' });
    });

    it('have a second kind that finds every fault', () => {
      const value = { text: '', count: 11, other: 1 };
      const all: Fault[] = [' additionalProperties', '/text minLength', '/count maximum'];
      assert.deepEqual(faultsOf(v1().faults.createNote?.body, value), all);
    });

    it('exist where a body does', () => {
      assert.deepEqual(Object.keys(v1().faults), ['createNote']);
      assert.equal(v1().requests.getHealth?.body, undefined);
    });
  });

  describe('of unions told apart by a tag', () => {
    const cases: [part: unknown, faults: Fault[]][] = [
      [{ type: 'text', text: 'a' }, []],
      [{ type: 'image', url: 'https://example.com/a' }, []],
      [{ type: 'image', url: 'no address' }, ['/parts/0/url format']],
      [{ type: 'text' }, ['/parts/0 required']],
      [{ type: 'sound' }, ['/parts/0 discriminator']],
      [{}, ['/parts/0 discriminator']],
      [{ type: 'text', text: 'a', url: 'https://example.com/a' }, ['/parts/0 additionalProperties']],
    ];
    for (const [part, faults] of cases) {
      it(`find the one fault [${faults}] in ${JSON.stringify(part)}`, () => {
        assert.deepEqual(faultsOf(v2().faults.createNote?.body, { parts: [part] }), faults);
      });
    }
  });

  describe('of parameters', () => {
    it('turn text into what the contract says, in place', () => {
      const query = { limit: '5', all: 'true' };
      assert.deepEqual(faultsOf(v1().requests.listNotes?.query, query), []);
      assert.deepEqual(query, { limit: 5, all: true });
      const path = { id: '7' };
      assert.deepEqual(faultsOf(v1().requests.getNote?.path, path), []);
      assert.deepEqual(path, { id: 7 });
    });

    const cases: [query: unknown, faults: Fault[]][] = [
      [{}, []],
      [{ limit: '0' }, ['/limit minimum']],
      [{ limit: '5.5' }, ['/limit type']],
      [{ limit: 'five' }, ['/limit type']],
      [{ limit: ['1', '2'] }, ['/limit type']],
      [{ all: 'yes', limit: '101' }, ['/limit maximum', '/all type']],
      [{ page: '1' }, [' additionalProperties']],
    ];
    for (const [query, faults] of cases) {
      it(`find [${faults}] in the query ${JSON.stringify(query)}`, () => {
        assert.deepEqual(faultsOf(v1().requests.listNotes?.query, query), faults);
      });
    }

    it('let any query pass where the contract has no 400', () => {
      assert.equal(v1().requests.getHealth?.query, undefined);
    });

    it('know the headers of the operation and of its path in lower case, and let others pass', () => {
      const { headers } = v1().requests.createNote ?? {};
      assert.deepEqual(faultsOf(headers, { 'idempotency-key': 'a', 'x-request-id': 'r', host: 'h' }), []);
      assert.deepEqual(faultsOf(headers, { 'idempotency-key': '' }), ['/idempotency-key minLength']);
      assert.deepEqual(faultsOf(headers, { 'x-request-id': 'r'.repeat(65) }), ['/x-request-id maxLength']);
    });
  });

  describe('of answers', () => {
    const note = { id: 'a', text: 'hello' };
    const cases: [name: string, value: unknown, faults: Fault[]][] = [
      ['what the contract says', note, []],
      ['a map, which names no members', { ...note, labels: { any: 'name' } }, []],
      ['a member that neither part of an allOf knows', { ...note, secret: 1 }, [' unevaluatedProperties']],
      [
        'an unknown member further down',
        { ...note, author: { name: 'n', secret: 1 } },
        ['/author additionalProperties'],
      ],
      ['every fault', { text: 1 }, [' required', '/text type']],
    ];
    for (const [name, value, faults] of cases) {
      it(`find [${faults}] in ${name}`, () => {
        assert.deepEqual(faultsOf(v1().answers.createNote?.['200']?.['application/json'], value), faults);
      });
    }

    it('close what a list holds', () => {
      const validate = v1().answers.listNotes?.['200']?.['application/json'];
      assert.deepEqual(faultsOf(validate, { notes: [note] }), []);
      assert.deepEqual(faultsOf(validate, { notes: [{ ...note, secret: 1 }] }), ['/notes/0 unevaluatedProperties']);
    });

    it('are null where there is no JSON, and there are none where there is no body', () => {
      assert.equal(v1().answers.createNote?.['200']?.['text/event-stream'], null);
      assert.deepEqual(v1().answers.createNote?.['204'], {});
    });

    it('check problem documents, through the answer that is shared', () => {
      const validate = v1().answers.getHealth?.['500']?.['application/problem+json'];
      assert.deepEqual(faultsOf(validate, { code: 'INTERNAL', message: 'm' }), []);
      assert.deepEqual(faultsOf(validate, { code: 'OTHER', message: 'm', stack: 's' }), [
        ' additionalProperties',
        '/code enum',
      ]);
    });

    it('check formats', () => {
      const validate = v2().answers.createNote?.['201']?.['application/json'];
      assert.deepEqual(faultsOf(validate, { id: 'a', at: '2026-11-01T00:00:00Z' }), []);
      assert.deepEqual(faultsOf(validate, { id: 'a', at: 'yesterday' }), ['/at format']);
    });

    it('leave the published document open', async () => {
      const text = (await renderFixture())['specs/openapi.2026-03-01.json'] ?? '';
      const { Note, NoteHead } = JSON.parse(text).components.schemas;
      assert.ok(!JSON.stringify([Note, NoteHead]).includes('":false'));
    });
  });

  describe('of frames and events', () => {
    it('are known by type, each in its direction', () => {
      assert.deepEqual(Object.keys(v1().clientFrames), ['auth']);
      assert.deepEqual(Object.keys(v1().serverFrames), ['noted']);
      assert.deepEqual(Object.keys(v1().events), ['chunk']);
    });

    it('close what the gateway sends, though the same schema is open as part of another', () => {
      assert.deepEqual(faultsOf(v1().serverFrames.noted, { type: 'noted', note: { id: 'a' } }), []);
      const leak = { type: 'noted', note: { id: 'a', text: 'b' } };
      assert.deepEqual(faultsOf(v1().serverFrames.noted, leak), ['/note additionalProperties']);
    });

    it('close what clients send', () => {
      assert.deepEqual(faultsOf(v1().clientFrames.auth, { type: 'auth', token: 't' }), []);
      assert.deepEqual(faultsOf(v1().clientFrames.auth, { type: 'auth', token: 't', a: 1 }), [' additionalProperties']);
    });
  });

  describe('of the config file', () => {
    it('find every fault and change nothing', () => {
      const value = { gateway: { port: '80', colour: 'red' } };
      assert.deepEqual(faultsOf(config, value), ['/gateway additionalProperties', '/gateway/port type']);
      assert.deepEqual(value, { gateway: { port: '80', colour: 'red' } });
      assert.deepEqual(faultsOf(config, {}), []);
    });

    it('name the member whose name is at fault', () => {
      assert.equal(config({ gateway: { peers: { UPPER: 'a' } } }), false);
      assert.equal(config.errors?.[0]?.propertyName, 'UPPER');
    });
  });
});
