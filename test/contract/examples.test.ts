/** Examples are what people copy, so each is true: a request is sent and succeeds, an answer, event or frame keeps to its schema. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type ApiVersion, apiVersions, operations } from '../../generated/operations.ts';
import * as v1 from '../../generated/validators/2026-03-01.requests.js';
import * as v2 from '../../generated/validators/2026-11-01.requests.js';
import type { Validate } from '../../generated/validators/validate.ts';
import { dates, said } from '../support/contract.ts';
import { observeStream } from '../support/observe-event.ts';
import { enterSocket, openSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { channelSettings, signed, toRequest } from '../support/signed-webhooks.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

interface Media {
  schema?: unknown;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface OpenApi {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { responses: Record<string, Response> };
}

interface OpenApiOperation {
  operationId: string;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Response>;
}

interface Response {
  $ref?: string;
  content?: Record<string, Media>;
}

interface AsyncApi {
  components: {
    messages: Record<string, { name: string; 'x-direction': Direction; examples?: { payload: Payload }[] }>;
  };
}

type Direction = 'client' | 'server' | 'event';
type Payload = Record<string, unknown> & { type: string };

const received = { '2026-03-01': v1, '2026-11-01': v2 } satisfies Record<ApiVersion, typeof v1>;

for (const date of dates) {
  const openapi: OpenApi = read(`openapi.${date}`);
  const asyncapi: AsyncApi = read(`asyncapi.${date}`);
  const all = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );

  describe(`examples of ${date}`, () => {
    let gateway: TestGateway;
    before(async () => {
      gateway = await startGateway({
        settings: { models: { routes: { 'gpt-4o': ['echo/echo'] } }, channels: channelSettings },
      });
    });
    after(() => gateway.close());

    describe('of requests succeed', () => {
      for (const { path, operationId, requestBody } of all) {
        const contents = Object.entries(requestBody?.content ?? {});
        for (const [type, media] of contents) {
          it(`${operationId} has one of ${type}`, () => assert.ok(valuesOf(media).length > 0));
        }
        const examples = contents.flatMap(([type, media]) => valuesOf(media).map((shown) => [type, ...shown] as const));
        for (const [type, name, shown] of examples) {
          it(`${operationId}: ${name} of ${type}`, async () => {
            const value = type === 'application/json' ? shown : new URLSearchParams(textsOf(shown)).toString();
            const target = path.replace('{id}', await somethingFor(operationId));
            if (typeof value === 'object' && value !== null && 'stream' in value && value.stream === true) {
              const stream = await openStream(gateway, target, { body: value });
              assert.ok((await stream.all()).length >= 3, 'a stream of at least two pieces and its end');
              return;
            }
            const webhook = signed(operationId, value);
            const response = await gateway.request('POST', target, webhook ? toRequest(webhook) : { body: value });
            assert.equal(Math.floor(response.status / 100), 2, response.text);
          });
        }
      }

      async function somethingFor(operationId: string): Promise<string> {
        if (operationId === 'rotateKey') {
          const body = { name: 'k', user: 'ann', scopes: ['chat'] };
          const { body: key } = await gateway.request('POST', '/api/v2/keys', { body });
          return key.id;
        }
        const sessionId = 'session-123';
        await gateway.request('POST', '/api/chat', { body: { channel: 'api', message: 'hello', sessionId } });
        return sessionId;
      }
    });

    describe('of answers keep to their schema', () => {
      for (const { operationId, responses } of all) {
        for (const [status, response] of Object.entries(responses)) {
          for (const [type, media] of Object.entries(contentOf(openapi, response))) {
            const validate = said[date].answers[operationId]?.[status]?.[type];
            const values = valuesOf(media);
            it(`${operationId} ${status} ${type}`, () => {
              assert.ok(values.length > 0, 'there is none');
              for (const [name, value] of values) {
                if (type === 'text/event-stream') assert.ok(observeStream(date, String(value)).length >= 2);
                else if (validate) checkValue(validate, name, value);
              }
            });
          }
        }
      }
    });

    describe('of frames and events keep to their schema', () => {
      for (const [key, { name, 'x-direction': direction, examples = [] }] of Object.entries(
        asyncapi.components.messages,
      )) {
        it(`${direction} ${key}`, () => {
          assert.ok(examples.length > 0, 'there is none');
          for (const { payload } of examples) {
            const validate = validatorOf(date, direction, payload.type);
            assert.ok(validate, `there is no ${direction} ${payload.type}`);
            checkValue(validate, name, payload);
          }
        });
      }
    });

    it('of frames that clients send are understood', async () => {
      const path = `/api/${apiVersions.find((entry) => entry.date === date)?.family}/ws`;
      const examples = Object.values(asyncapi.components.messages)
        .filter((message) => message['x-direction'] === 'client')
        .flatMap((message) => message.examples ?? []);
      const answers: Record<string, string> = { auth: 'auth_ok', ping: 'pong', subscribe: 'subscribed' };
      for (const { payload } of examples) {
        const isFirst = payload.type === 'auth';
        const open = isFirst ? await openSocket(gateway, path) : await enterSocket(gateway, gateway.adminKey, path);
        // The key of the example is nobody's.
        open.send(isFirst ? { ...payload, token: gateway.adminKey } : payload);
        const frames = payload.type === 'message' ? await open.answer() : [await open.next()];
        const expected = answers[payload.type] ?? (date === '2026-03-01' ? 'done' : 'run.completed');
        assert.equal(frames.at(-1)?.type, expected, JSON.stringify(frames));
        await open.close();
      }
    });
  });
}

describe('examples', () => {
  it('are of every operation in the table', () => {
    for (const date of dates) {
      const openapi: OpenApi = read(`openapi.${date}`);
      const named = Object.values(openapi.paths).flatMap((methods) =>
        Object.values(methods).map(({ operationId }) => operationId),
      );
      assert.deepEqual(named.sort(), Object.keys(operations[date]).sort());
    }
  });
});

function read<Document>(name: string): Document {
  return JSON.parse(readFileSync(new URL(`../../generated/specs/${name}.json`, import.meta.url), 'utf8'));
}

function contentOf({ components }: OpenApi, response: Response): Record<string, Media> {
  const name = response.$ref?.split('/').at(-1);
  return (name === undefined ? response : components.responses[name])?.content ?? {};
}

function textsOf(form: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(form ?? {}).map(([name, value]) => [name, String(value)]));
}

function valuesOf({ example, examples = {} }: Media): [name: string, value: unknown][] {
  const one: [string, unknown][] = example === undefined ? [] : [['example', example]];
  return [...one, ...Object.entries(examples).map(([name, { value }]): [string, unknown] => [name, value])];
}

function checkValue(validate: Validate, name: string, value: unknown): void {
  assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors)}`);
}

function validatorOf(date: ApiVersion, direction: Direction, type: string): Validate | undefined {
  switch (direction) {
    case 'client':
      return received[date].clientFrames[type];
    case 'server':
      return said[date].serverFrames[type];
    case 'event':
      return said[date].events[type];
  }
}
