/** What opens a vendor to its package is seen by nobody: not in logs, not in answers, not when the settings are printed. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { runNode } from '../support/run-node.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { requestTo } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const key = 'the-admin-key-of-this-test';
const canaries = {
  GEMINI_KEY: 'canary-gemini-8a1f0c',
  VERTEX_KEY: 'canary-vertex-4be7d2',
  AZURE_KEY: 'canary-azure-77c1e9',
  AZURE_HEADER: 'canary-azure-header-5d',
  AWS_ID: 'CANARYAWSID00000001',
  AWS_SECRET: 'canary/aws+secret=0f9e',
  AWS_TOKEN: 'canary-aws-session-31aa//==',
};
/** As the config file has it from the environment. */
const named = (name: keyof typeof canaries) => `$\{${name}}`;
const failures = [400, 401, 403, 404, 429, 500];

describe('what opens a vendor', function () {
  this.timeout(30_000);
  const folder = makeTemporaryDirectory();
  const environment = { GATEWAY_HOME: folder.path, GATEWAY_ADMIN_KEY: key, GATEWAY_LOG_LEVEL: 'debug', ...canaries };
  let fake: FakeProvider;

  before(async () => {
    fake = await startFakeProvider();
    const { origin } = new URL(fake.openaiUrl);
    // A model of its own for each failure: what fails or asks for a pause is left alone for a while.
    const line = (name: string, settings: object) => ({
      type: 'ai-sdk',
      package: `@ai-sdk/${name}`,
      models: ['works', ...failures.map((status) => `fails-${status}`)].map((model) => `${name}-${model}`),
      settings,
    });
    const providers = {
      gemini: line('google', { apiKey: named('GEMINI_KEY'), baseURL: `${origin}/v1beta` }),
      vertex: line('google-vertex', { apiKey: named('VERTEX_KEY'), baseURL: `${origin}/v1/publishers/google` }),
      azure: line('azure', {
        apiKey: named('AZURE_KEY'),
        headers: { 'x-proxy': named('AZURE_HEADER') },
        baseURL: `${origin}/openai/v1`,
      }),
      bedrock: line('amazon-bedrock', {
        region: 'eu-north-1',
        accessKeyId: named('AWS_ID'),
        secretAccessKey: named('AWS_SECRET'),
        sessionToken: named('AWS_TOKEN'),
        baseURL: origin,
      }),
    };
    const settings = { providers, limits: { requestsPerMinute: 10_000 }, models: { retries: { attempts: 1 } } };
    writeFileSync(join(folder.path, 'gateway.json5'), JSON.stringify({ gateway: settings }), { mode: 0o600 });
  });
  after(async () => {
    await fake.close();
    folder.remove();
  });

  it('is in no log and in no answer, though the vendors repeat it', async () => {
    const gateway = await spawnGateway(folder.path, environment);
    const answers: string[] = [];
    const ask = async (model: string) => {
      const body = { channel: 'api', message: 'hello', model };
      const { status, text } = await requestTo(gateway.url, 'POST', '/api/v1/chat', { key, body });
      answers.push(text);
      return status;
    };
    try {
      for (const name of ['google', 'google-vertex', 'azure', 'amazon-bedrock']) {
        assert.equal(await ask(`${name}-works`), 200);
        for (const status of failures) {
          fake.next({ status, message: `refused: ${Object.values(canaries).join(' ')}` });
          assert.notEqual(await ask(`${name}-fails-${status}`), 200);
        }
      }
    } finally {
      await gateway.stop();
    }
    assert.equal(fake.requests.length, 4 * (1 + failures.length));
    const sent = JSON.stringify(fake.requests.map(({ headers }) => headers));
    for (const name of ['GEMINI_KEY', 'VERTEX_KEY', 'AZURE_KEY', 'AZURE_HEADER', 'AWS_ID', 'AWS_TOKEN'] as const)
      assert.ok(sent.includes(canaries[name]), `${name} is sent`);
    assert.match(gateway.output(), /refused: /);
    assertUnseen(gateway.output());
    assertUnseen(answers.join('\n'));
  });

  it('is not printed with the settings', async () => {
    const door = fileURLToPath(new URL('../../src/cli/gateway.mjs', import.meta.url));
    const { code, output } = await runNode([door, 'config', 'validate', '--print'], { environment });
    assert.equal(code, 0);
    assert.match(output, /eu-north-1/);
    assertUnseen(output);
  });
});

function assertUnseen(text: string): void {
  for (const [name, canary] of Object.entries(canaries)) assert.ok(!text.includes(canary), `${name} is seen`);
}
