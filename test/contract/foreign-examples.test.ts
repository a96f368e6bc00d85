/** The examples of shapes that are served beside the versions: a request is sent and succeeds, an answer keeps to its schema. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { foreignNames } from '../../generated/operations.ts';
import { exampleRoutes } from '../support/arbitrary-request.ts';
import { checkForeign } from '../support/foreign.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

interface Media {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Response {
  $ref?: string;
  content?: Record<string, Media>;
}

interface OpenApi {
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; requestBody?: { content: Record<string, Media> }; responses: Record<string, Response> }
    >
  >;
  components: { responses: Record<string, Response> };
}

for (const name of foreignNames) {
  const { paths, components }: OpenApi = JSON.parse(
    readFileSync(new URL(`../../generated/specs/openapi.${name}.json`, import.meta.url), 'utf8'),
  );
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, ...operation })),
  );

  describe(`examples of ${name}`, () => {
    let gateway: TestGateway;
    before(async () => {
      gateway = await startGateway({ settings: { models: { routes: exampleRoutes } } });
    });
    after(() => gateway.close());

    for (const { path, operationId, requestBody, responses } of all) {
      const asked = Object.values(requestBody?.content ?? {}).flatMap(valuesOf);
      for (const [title, body] of asked) {
        it(`${operationId}: ${title} succeeds`, async () => {
          const response = await gateway.request('POST', path, { body });
          assert.equal(response.status, 200, response.text);
        });
      }
      if (requestBody) it(`${operationId} has one`, () => assert.ok(asked.length > 0));

      for (const [status, response] of Object.entries(responses)) {
        const { content = {} } = response.$ref
          ? (components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {})
          : response;
        for (const [type, media] of Object.entries(content)) {
          it(`${operationId} ${status} ${type} keeps to its schema`, () => {
            const values = valuesOf(media);
            assert.ok(values.length > 0, 'there is none');
            for (const [, value] of values) checkForeign(name, operationId, status, type, value);
          });
        }
      }
    }
  });
}

function valuesOf({ example, examples = {} }: Media): [title: string, value: unknown][] {
  const one: [string, unknown][] = example === undefined ? [] : [['example', example]];
  return [...one, ...Object.entries(examples).map(([title, { value }]): [string, unknown] => [title, value])];
}
