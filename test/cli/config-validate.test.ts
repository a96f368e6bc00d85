import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type Bench, makeBench } from './run-gateway.ts';

describe('gateway config validate', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = makeBench();
    mkdirSync(bench.home);
  });
  afterEach(() => bench.close());

  const write = (text: string, name = 'gateway.json5') => {
    writeFileSync(`${bench.home}/${name}`, text);
    return `${bench.home}/${name}`;
  };

  it('is content without a file', async () => {
    const { status, stdout, stderr } = await bench.run(['config', 'validate']);
    assert.deepEqual([status, stdout, stderr], [0, '', 'There is no config file; environment and defaults hold.\n']);
  });

  it('checks the file of the data folder, or another one', async () => {
    const good = write('{ gateway: { port: 1 } }');
    assert.equal((await bench.run(['config', 'validate'])).stderr, `${good} holds.\n`);
    const bad = write("{ gateway: {\n prot: 1, log: { level: 'loud' } } }", 'other.json5');
    const { status, stdout, stderr } = await bench.run(['config', 'validate', bad]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.equal(
      stderr,
      'The configuration does not hold:\n' +
        `  ${bad}:2: gateway.prot is not a setting. Did you mean \`port\`?\n` +
        `  ${bad}:2: gateway.log.level must be one of debug, info, warn, error, silent.\n`,
    );
    assert.match(
      (await bench.run(['config', 'validate', `${bad}.none`])).stderr,
      /other\.json5\.none: There is no such file\.$/m,
    );
  });

  it('tells programs in JSON', async () => {
    const file = write("{ gateway: { conformance: 'sampel' } }");
    const { status, stdout } = await bench.run(['config', 'validate', '--json']);
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout), {
      valid: false,
      problems: [
        {
          file,
          line: 1,
          path: 'gateway.conformance',
          reason: 'must be one of off, sample, report, strict',
          suggestion: 'Did you mean `sample`?',
        },
      ],
    });
  });

  it('sees a provider that is the gateway itself', async () => {
    const loop = (baseUrl: string) => `loop: { type: 'openai', models: ['m'],\n baseUrl: '${baseUrl}' }`;
    const file = write(`{ gateway: { port: 7, providers: { ${loop('http://localhost:7/v1')} } } }`);
    const env = { GATEWAY_PORT: '', ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:7' };
    const { status, stdout } = await bench.run(['config', 'validate', '--json'], { env });
    const { problems } = JSON.parse(stdout);
    assert.deepEqual(
      [status, problems.map(({ suggestion: _, ...problem }: Record<string, unknown>) => problem)],
      [
        1,
        [
          {
            file,
            line: 2,
            path: 'gateway.providers.loop.baseUrl',
            reason: 'is the address of the gateway itself, which would ask itself without end',
          },
          {
            variable: 'ANTHROPIC_BASE_URL',
            reason: 'is the address of the gateway itself, which would ask itself without end',
          },
        ],
      ],
    );
  });

  it('prints what holds, without secrets', async () => {
    const file = write(`{ gateway: { providers: { openai: { apiKey: '\${CANARY}' } } } }`);
    const env = { CANARY: 'canary-key-7f3a', GATEWAY_ADMIN_KEY: 'canary-admin-key-7f3a9c1e5b2d', GATEWAY_PORT: '7' };
    const { status, stdout } = await bench.run(['config', 'validate', '--print', '--json'], { env });
    const { valid, file: said, config } = JSON.parse(stdout);
    assert.deepEqual([status, valid, said], [0, true, file]);
    assert.deepEqual([config.port, config.adminKey, config.providers[0].apiKeys], [7, '[secret]', ['[secret]']]);
    const human = await bench.run(['config', 'validate', '--print'], { env });
    assert.deepEqual(JSON.parse(human.stdout), config);
    assert.ok(!`${stdout}${human.stdout}${human.stderr}`.includes('canary'));
  });
});
