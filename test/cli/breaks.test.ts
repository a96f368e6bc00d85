import { strict as assert } from 'node:assert';
import type { ContractDocument, Operation, Schema } from '../../src/cli/breaks/contract-document.ts';
import { findBreaks } from '../../src/cli/breaks/find-breaks.ts';
import { findMisfits } from '../../src/cli/breaks/find-misfits.ts';

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const closed = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const open = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  required,
  properties,
});
const marked = (type: string, more: Record<string, Schema> = {}): Schema => open({ type: { const: type }, ...more });

/** What it was, what it is, what breaks when clients send it, and what breaks when they are sent it. */
const cases: [name: string, was: Schema, is: Schema, request: string[], answer: string[]][] = [
  ['nothing', text, text, [], []],
  ['another type', text, whole, [' may no longer be string, only integer'], [' may be integer now and was string']],
  ['a whole number for any', { type: 'number' }, whole, [' may no longer be number, only integer'], []],
  ['null as well', text, { type: ['string', 'null'] }, [], [' may be null now and was string']],
  ['a type where there was none', {}, text, [' must be string now'], []],
  ['no type any more', text, {}, [], [' may be anything now']],
  ['a value less', { enum: ['a', 'b'] }, { enum: ['a'] }, [' may no longer be b'], []],
  ['a value more', { enum: ['a'] }, { enum: ['a', 'b'] }, [], []],
  ['values where there were none', text, { type: 'string', enum: ['a'] }, [' must be one of a now'], []],
  ['another constant', { const: 'a' }, { const: 'b' }, [' may no longer be a'], [' may be b']],
  ['no constant any more', { const: 'a' }, {}, [], [' may vary now']],
  ['less room', { maxLength: 9 }, { maxLength: 5 }, [' has another maxLength: it was 9 and is 5'], []],
  ['more room', { maxItems: 5 }, {}, [], [' has another maxItems: it was 5 and is none']],
  ['a higher least', { minimum: 0 }, { minimum: 1 }, [' has another minimum: it was 0 and is 1'], []],
  [
    'another pattern',
    { pattern: '^a' },
    { pattern: '^b' },
    [' has another pattern: it was ^a and is ^b'],
    [' has another pattern: it was ^a and is ^b'],
  ],
  [
    'no repeats',
    { type: 'array' },
    { type: 'array', uniqueItems: true },
    [' has another uniqueItems: it was none and is true'],
    [],
  ],
  ['a member more', open({ a: text }), open({ a: text, b: text }), [], []],
  ['a needed member', open({ a: text }), open({ a: text }, ['a']), ['/a must be there now'], []],
  ['a new needed member', open({}), open({ a: text }, ['a']), ['/a must be there now'], []],
  ['a member no longer sure', open({ a: text }, ['a']), open({ a: text }), [], ['/a may be absent now']],
  ['a member less, open', open({ a: text }, ['a']), open({}), [], ['/a is gone']],
  ['a member less, closed', closed({ a: text }), closed({}), ['/a is no longer taken'], ['/a is gone']],
  ['an optional member less', open({ a: text }), open({}), [], ['/a is gone']],
  [
    'a change below',
    open({ 'a/b': { type: 'array', items: open({ c: text }) } }),
    open({ 'a/b': { type: 'array', items: open({ c: whole }) } }),
    ['/a~1b/*/c may no longer be string, only integer'],
    ['/a~1b/*/c may be integer now and was string'],
  ],
  ['items of any kind', { items: text }, { items: {} }, [], ['/* may be anything now']],
  ['a shape more', { oneOf: [marked('a')] }, { oneOf: [marked('a'), marked('b')] }, [], []],
  [
    'a shape less',
    { oneOf: [marked('a'), marked('b')] },
    { oneOf: [marked('a')] },
    [' is no longer taken in one of its shapes'],
    [],
  ],
  ['an unmarked shape more', { oneOf: [text] }, { oneOf: [text, whole] }, [], [' may have one more shape']],
  [
    'a change in one shape',
    { oneOf: [marked('a'), marked('b', { x: text })] },
    { oneOf: [marked('b', { x: whole }), marked('a')] },
    ['/x may no longer be string, only integer'],
    ['/x may be integer now and was string'],
  ],
  [
    'a union around a branch',
    { type: 'object', oneOf: [{ required: ['a'] }] },
    { type: 'object', oneOf: [{ required: ['b'] }] },
    ['/b must be there now'],
    ['/a may be absent now'],
  ],
  [
    'free members of another type',
    { type: 'object', additionalProperties: text },
    { type: 'object', additionalProperties: whole },
    ['/* may no longer be string, only integer'],
    ['/* may be integer now and was string'],
  ],
  [
    'free members no more',
    { type: 'object', additionalProperties: text },
    { type: 'object', additionalProperties: false },
    ['/* is no longer taken'],
    [],
  ],
  [
    'narrower names',
    { additionalProperties: text, propertyNames: {} },
    { additionalProperties: text, propertyNames: { maxLength: 3 } },
    ['/* has another maxLength: it was none and is 3'],
    [],
  ],
  ['something that may not be there', open({ a: text }), open({ a: false }), ['/a may not be there'], []],
];

describe('what breaks', () => {
  for (const [name, was, is, request, answer] of cases) {
    it(`when a shape has ${name}`, () => {
      const lines = (side: 'request' | 'answer', given: Schema, taken: Schema) =>
        findMisfits({ side, given: {}, taken: {} }, given, taken, '').map(
          ({ pointer, message }) => `${pointer} ${message}`,
        );
      assert.deepEqual(lines('request', was, is), request);
      assert.deepEqual(lines('answer', is, was), answer);
    });
  }

  it('is followed through references, each in its own document, and ends where they meet themselves', () => {
    const schemas = (leaf: Schema): Record<string, Schema> => ({
      Tree: open({ leaf: { $ref: '#/components/schemas/Leaf' }, below: { $ref: '#/components/schemas/Tree' } }),
      Leaf: leaf,
    });
    const comparison = {
      side: 'request',
      given: { schemas: schemas(text) },
      taken: { schemas: schemas(whole) },
    } as const;
    const tree: Schema = { $ref: '#/components/schemas/Tree' };
    assert.deepEqual(
      findMisfits(comparison, tree, tree, '').map(({ pointer }) => pointer),
      ['/leaf'],
    );
  });

  const operation = (more: Partial<Operation> = {}): Operation => ({
    operationId: 'listNotes',
    'x-scopes': ['notes'],
    'x-body-limit': 100,
    parameters: [{ $ref: '#/components/parameters/Limit' }],
    requestBody: { content: { 'application/json': { schema: open({ a: text }) } } },
    responses: {
      200: { headers: { 'X-Total': {} }, content: { 'application/json': { schema: open({ b: text }, ['b']) } } },
      400: { $ref: '#/components/responses/Bad' },
    },
    ...more,
  });
  const document = (
    listed?: Operation,
    path = '/api/v1/notes',
    more: Partial<ContractDocument> = {},
  ): ContractDocument => ({
    openapi: '3.1.1',
    info: { version: '2026-03-01' },
    security: [],
    paths: listed ? { [path]: { get: listed } } : {},
    components: {
      parameters: { Limit: { name: 'limit', in: 'query', schema: whole } },
      responses: { Bad: { content: { 'application/json': { schema: open({ code: text }) } } } },
    },
    ...more,
  });
  const answers = (more: Operation['responses']) => operation({ responses: { ...operation().responses, ...more } });

  const operations: [name: string, revised: ContractDocument, lines: string[]][] = [
    ['nothing', document(operation()), []],
    ['the operation', document(), ['access  is gone']],
    ['its place', document(operation(), '/api/v1/papers'), ['access  is now GET /api/v1/papers']],
    ['the version in its place only', document(operation(), '/api/v2/notes'), []],
    ['that it was open', document(operation({ security: [{ bearer: [] }] })), ['access  needs a key now']],
    ['one more scope', document(operation({ 'x-scopes': ['notes', 'admin'] })), ['access  needs the scope admin now']],
    ['room for its body', document(operation({ 'x-body-limit': 10 })), ['access  takes 10 bytes now and took 100']],
    ['a parameter', document(operation({ parameters: [] })), ['request /query/limit is no longer taken']],
    [
      'a parameter that is needed',
      document(
        operation({
          parameters: [
            { name: 'limit', in: 'query', required: true, schema: text },
            { name: 'id', in: 'path', required: true },
            { name: 'q', in: 'query' },
          ],
        }),
      ),
      [
        'request /query/limit must be there now',
        'request /query/limit may no longer be integer, only string',
        'request /path/id must be there now',
      ],
    ],
    [
      'the body',
      document(operation({ requestBody: { required: true, content: { 'application/json': { schema: closed({}) } } } })),
      ['request  must have a body now', 'request /a is no longer taken'],
    ],
    [
      'the type of the body',
      document(operation({ requestBody: { content: { 'application/xml': {} } } })),
      ['request  is no longer taken as application/json'],
    ],
    ['a success', document(operation({ responses: { 201: {} } })), ['answer  is no longer 200']],
    ['a failure', document(operation({ responses: { 200: operation().responses[200] ?? {} } })), []],
    [
      'a header',
      document(answers({ 200: { content: { 'application/json': { schema: open({ b: text }, ['b']) } } } })),
      ['answer /headers/X-Total is gone'],
    ],
    [
      'the type of the answer',
      document(answers({ 200: { headers: { 'X-Total': {} }, content: { 'text/plain': {} } } })),
      ['answer  is no longer application/json'],
    ],
    [
      'a member of the answer',
      document(answers({ 200: { headers: { 'X-Total': {} }, content: { 'application/json': { schema: open({}) } } } })),
      ['answer /b is gone'],
    ],
    [
      'the shape of failures',
      document(answers({ 400: { content: { 'application/json': { schema: open({}) } } } })),
      ['answer /code is gone'],
    ],
  ];
  for (const [name, revised, lines] of operations) {
    it(`when an operation loses ${name}`, () => {
      const found = findBreaks(document(operation()), revised);
      assert.deepEqual(
        found.map(({ side, pointer, message }) => `${side} ${pointer} ${message}`),
        lines,
      );
      assert.ok(found.every(({ operation: id, place }) => id === 'listNotes' && place === 'GET /api/v1/notes'));
    });
  }

  it('is said once, however many answers of an operation share the shape', () => {
    const bad = (schema: Schema) => ({ content: { 'application/json': { schema } } });
    const old = document(answers({ 400: bad(open({ code: text })), 404: bad(open({ code: text })) }));
    assert.equal(findBreaks(old, document(answers({ 400: bad(open({})), 404: bad(open({})) }))).length, 1);
  });

  it('names the deprecated member whose use is counted, also when the fault lies inside it', () => {
    const body = (schema: Schema) =>
      document(operation({ requestBody: { content: { 'application/json': { schema } } } }));
    const within = (inner: Schema, deprecated: boolean): Schema =>
      closed({
        list: { type: 'array', items: { type: 'object', properties: { old: inner }, deprecated } },
        other: text,
      });
    const found = findBreaks(body(within(text, true)), body(within(whole, false)));
    assert.deepEqual(
      found.map(({ pointer, member }) => [pointer, member]),
      [['/list/*/old', '/list/*']],
    );
    assert.equal(findBreaks(body(within(text, false)), body(within(whole, false)))[0]?.member, undefined);
  });

  it('is told of frames and events by those whom they reach', () => {
    const messages = (payload: (type: string) => Schema): ContractDocument => ({
      asyncapi: '3.0.0',
      info: { version: '2026-03-01' },
      components: {
        messages: {
          message: { 'x-direction': 'client', payload: payload('message') },
          messageOut: { 'x-direction': 'server', payload: payload('message') },
          doneEvent: { 'x-direction': 'event', payload: payload('done') },
        },
      },
    });
    const was = messages((type) => closed({ type: { const: type }, id: text }));
    const lines = (revised: ContractDocument) =>
      findBreaks(was, revised).map(({ operation: of, place, pointer, message }) =>
        [of, place, pointer, message].join(' '),
      );
    assert.deepEqual(lines(was), []);
    assert.deepEqual(lines(messages((type) => closed({ type: { const: type } }))), [
      'message frame to the gateway message /id is no longer taken',
      'auth frame message /id is gone',
      'createChat event done /id is gone',
    ]);
    assert.deepEqual(lines({ ...was, components: {} }), [
      'message frame to the gateway message  is gone',
      'auth frame message  is gone',
      'createChat event done  is gone',
    ]);
  });
});
