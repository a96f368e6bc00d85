import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ForwardCall } from '../../../src/core/ports/provider.ts';
import type { Forwarding } from '../../../src/providers/wire/dialect.ts';
import { membersOf } from '../../../src/providers/wire/json-members.ts';
import { toForwardedBody } from '../../../src/providers/wire/to-forwarded-body.ts';
import { forwardOf } from '../forwards.ts';
import { type Wire, wires } from '../wires.ts';
import { jsonText } from './json-text.ts';

function sent(wire: Wire, body: string, changes: Partial<ForwardCall> = {}): string {
  const call = forwardOf(wire.name, body, changes);
  return toForwardedBody(call, forwardingOf(wire, call)).toString();
}

function forwardingOf({ dialect }: Wire, call: ForwardCall): Forwarding {
  const forwarding = dialect.forwards[call.dialect];
  assert.ok(forwarding);
  return forwarding;
}

/** Every value that the name has, however it is written. */
function modelsIn(body: string): unknown[] {
  const bytes = Buffer.from(body);
  return membersOf(bytes)
    .filter(({ name }) => name === 'model')
    .map(({ start, end }) => JSON.parse(bytes.toString('utf8', start, end)));
}

for (const wire of wires) {
  describe(`the body of a request that is handed on to ${wire.name}`, () => {
    it('means the same with another model, and is the same outside of it', () => {
      fc.assert(
        fc.property(jsonText, fc.string({ unit: 'binary' }), ({ text, members }, model) => {
          const body = sent(wire, text, { model });
          const meant = Object.fromEntries(members);
          if ('model' in meant) meant.model = JSON.parse(JSON.stringify(model));
          assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(meant)));
          if (!('model' in meant)) assert.equal(body, text);
        }),
        { numRuns: 300 },
      );
    });

    it('keeps numbers, spaces and spellings', () => {
      const text = '{ "temperature" : 1.0,"model":"x",\n"seed":12345678901234567890, "a":"\\u0041" }';
      assert.equal(sent(wire, text), text.replace('"x"', '"their-model"'));
    });

    it('has no other model where a name comes twice, or in disguise', () => {
      const text = '{"model":"x","messages":[{"model":"stays"}],"mod\\u0065l":{"a":["x"]}}';
      assert.equal(
        sent(wire, text),
        '{"model":"their-model","messages":[{"model":"stays"}],"mod\\u0065l":"their-model"}',
      );
    });

    const named: readonly [title: string, body: string, want?: string][] = [
      ['as it is', '{"messages":[], "model" :\t"m"}'],
      ['also beside another word for it', '{"model":"m","a":"\\"model\\""}'],
      ['and no other one before it', '{"model":"x","model":"m"}', '{"model":"m","model":"m"}'],
      ['nor in disguise', '{"model":"m","mod\\u0065l":"x"}', '{"model":"m","mod\\u0065l":"m"}'],
      ['nor one that begins like it', '{"model":"my"}', '{"model":"m"}'],
    ];
    for (const [title, body, want = body] of named) {
      it(`names the provider’s own model ${title}`, () => assert.equal(sent(wire, body, { model: 'm' }), want));
    }

    it('means the same where the client named the provider’s own model', () => {
      fc.assert(
        fc.property(jsonText, ({ text, members }) => {
          const { model } = Object.fromEntries(members);
          fc.pre(typeof model === 'string');
          const body = sent(wire, text, { model: String(model) });
          assert.deepEqual(JSON.parse(body), JSON.parse(text));
          assert.deepEqual(modelsIn(body), modelsIn(body).fill(model));
        }),
        { numRuns: 300 },
      );
    });

    it('is not copied where nothing has to be changed', () => {
      const call = forwardOf(wire.name, '{"messages":[]}');
      assert.equal(toForwardedBody(call, forwardingOf(wire, call)), call.body);
    });
  });
}

describe('asking for usage that the client did not ask for', () => {
  const [openai] = wires;
  assert.ok(openai);
  const rows: [title: string, body: string, want: string][] = [
    [
      'adds the options',
      '{"model":"m","stream":true}',
      '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
    ],
    [
      'adds to empty options',
      '{"stream_options":{ },"model":"m"}',
      '{"stream_options":{"include_usage":true },"model":"m"}',
    ],
    [
      'adds to other options',
      '{"model":"m","stream_options" : { "include_obfuscation":false}}',
      '{"model":"m","stream_options" : {"include_usage":true, "include_obfuscation":false}}',
    ],
    [
      'changes a no',
      '{"model":"m","stream_options":{"a":1,"include_usage": false}}',
      '{"model":"m","stream_options":{"a":1,"include_usage": true}}',
    ],
    ['changes null', '{"model":"m","stream_options":null}', '{"model":"m","stream_options":{"include_usage":true}}'],
    [
      'changes every one',
      '{"stream_options":null,"model":"m","stream_options":{"include_usage":false}}',
      '{"stream_options":{"include_usage":true},"model":"m","stream_options":{"include_usage":true}}',
    ],
  ];
  for (const [title, body, want] of rows)
    it(title, () => assert.equal(sent(openai, body, { stream: true, model: 'm' }), want));

  it('leaves alone what asked itself, and what is no stream', () => {
    const body = '{"model":"m","stream_options":{"include_usage":true}}';
    assert.equal(sent(openai, body, { stream: true, wantsUsage: true, model: 'm' }), body);
    assert.equal(sent(openai, '{"model":"m"}', { stream: false, model: 'm' }), '{"model":"m"}');
    assert.equal(sent(openai, '{"model":"m"}', { dialect: 'embeddings', stream: true, model: 'm' }), '{"model":"m"}');
  });

  it('asks whatever the request looks like', () => {
    fc.assert(
      fc.property(jsonText, ({ text, members }) => {
        fc.pre(members.some(([name]) => name === 'model'));
        const body = JSON.parse(sent(openai, text, { stream: true, model: 'm' }));
        assert.equal(body.stream_options.include_usage, true);
        const { stream_options: _, model: __, ...rest } = Object.fromEntries(members);
        const { stream_options: ___, model: ____, ...sentRest } = body;
        assert.deepEqual(sentRest, JSON.parse(JSON.stringify(rest)));
      }),
      { numRuns: 300 },
    );
  });
});
