/** The callback stands in the contract under `webhooks`. Its example is what the channel really sends, byte by byte. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createWebhookChannel } from '../../../src/channels/webhook/index.ts';
import { SendError } from '../../../src/core/ports/channel.ts';
import { dates } from '../../support/contract.ts';
import { type FakePlatform, startFakePlatform } from '../../support/fake-platform.ts';
import { HandClock } from '../../support/hand-clock.ts';

interface Callback {
  parameters: { name: string; required: boolean; description: string; example: string; schema: object }[];
  requestBody: { content: { 'application/json': { schema: { $ref: string }; example: Answer } } };
  responses: Record<string, { description: string }>;
}

interface Answer {
  timestamp: string;
  data: { conversation: string; inReplyTo: string; text: string; format: string; continues: boolean };
}

interface Closed {
  [keyword: string]: unknown;
}

/** The same in every version. */
const said = dates.map((date) => {
  const file = new URL(`../../../generated/specs/openapi.${date}.json`, import.meta.url);
  const { webhooks, components } = JSON.parse(readFileSync(file, 'utf8'));
  const callback: Callback = webhooks.answer.post;
  const schema: Closed = components.schemas[callback.requestBody.content['application/json'].schema.$ref.slice(21)];
  return { callback, schema };
});

describe('the callback in the contract', () => {
  const [{ callback, schema } = assert.fail('there is no version')] = said;
  const { example } = callback.requestBody.content['application/json'];
  const secret = /whsec_[A-Za-z0-9+/=]+/.exec(callback.parameters.map(({ description }) => description).join())?.[0];
  const clock = new HandClock(Date.parse(example.timestamp));
  const { signal } = new AbortController();
  let platform: FakePlatform;
  let channel: ReturnType<typeof createWebhookChannel>;

  before(async () => {
    platform = await startFakePlatform(() => ({ status: 204 }));
    channel = createWebhookChannel({ secret: secret ?? '', callbackUrl: platform.url, clock });
  });
  after(async () => {
    await channel.close();
    await platform.close();
  });

  const send = (text = example.data.text, more: { first?: boolean; plain?: boolean } = {}) => {
    const { conversation, inReplyTo } = example.data;
    const id = callback.parameters.find(({ name }) => name === 'webhook-id')?.example ?? '';
    return channel.send(
      {
        target: { address: { conversation, inReplyTo } },
        chunk: { text, plain: text },
        plain: false,
        deliveryId: id.replace(/-(\d+)$/, '.$1'),
        first: true,
        ...more,
      },
      signal,
    );
  };

  it('is the same in both versions', () => {
    for (const other of said) assert.deepEqual(other, said[0]);
  });

  it('has the example that is really sent, with its headers', async () => {
    await send();
    const request = platform.requests.at(-1);
    assert.deepEqual(JSON.parse(request?.body ?? ''), example);
    const headers = Object.entries(request?.headers ?? {}).filter(([name]) => name.startsWith('webhook-'));
    assert.deepEqual(
      Object.fromEntries(headers),
      Object.fromEntries(callback.parameters.map(({ name, example: value }) => [name, value])),
    );
    assert.ok(callback.parameters.every(({ required }) => required));
    assert.equal(request?.method, 'POST');
  });

  it('tells everything that is sent, and no member that is not', async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const data = Object(schema.properties).data;
    const closed = { ...Object(schema.properties), data: { ...data, additionalProperties: false } };
    const validate = ajv.compile({ ...schema, properties: closed, additionalProperties: false });
    const longest = channel.render(`${'a word '.repeat(10_000)}`);
    assert.ok(longest.length > 1);
    for (const [index, chunk] of longest.entries()) {
      await send(chunk.text, { first: index === 0, plain: index > 0 });
      const body = JSON.parse(platform.requests.at(-1)?.body ?? '');
      assert.ok(validate(body), JSON.stringify(validate.errors));
    }
    for (const { example: value, schema: fits, name } of callback.parameters)
      assert.ok(ajv.validate(fits, value), name);
  });

  const consequences: Record<string, string[]> = {
    '2XX': ['taken'],
    '3XX': ['refused'],
    '401': ['unauthorized'],
    '403': ['unauthorized'],
    '410': ['refused'],
    '429': ['rate_limited'],
    '4XX': ['unavailable'],
    '5XX': ['unavailable'],
  };

  it('says what every answer leads to', () => {
    assert.deepEqual(Object.keys(callback.responses).sort(), Object.keys(consequences).sort());
    const isParked = (text: string) => /parked|As 401/.test(text);
    for (const [status, { description }] of Object.entries(callback.responses)) {
      const [kind = ''] = consequences[status] ?? [];
      assert.equal(isParked(description), ['refused', 'unauthorized'].includes(kind), status);
    }
  });

  for (const [status, [kind]] of Object.entries(consequences)) {
    it(`${status} is ${kind}`, async () => {
      const statuses = status.endsWith('XX')
        ? { '2': [200, 202, 299], '3': [301, 307], '4': [400, 404], '5': [500, 503] }
        : {};
      const all = new Map(Object.entries(statuses)).get(status.charAt(0)) ?? [Number(status)];
      for (const one of all) {
        platform.next({ status: one });
        const outcome = await send().then(
          () => 'taken',
          (error: unknown) => (error instanceof SendError ? error.kind : 'another error'),
        );
        assert.equal(outcome, kind, String(one));
      }
    });
  }
});
