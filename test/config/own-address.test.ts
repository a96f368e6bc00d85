import { strict as assert } from 'node:assert';
import { refusal } from './load.ts';

const itself = 'is the address of the gateway itself, which would ask itself without end.';

describe('a provider that is the gateway itself', () => {
  /** What is said of a provider at that address, where the gateway listens there. */
  const said = (host: string, port: number, baseUrl: string, env: NodeJS.ProcessEnv = {}) =>
    refusal(
      JSON.stringify({ gateway: { host, port, providers: { loop: { type: 'openai', models: ['m'], baseUrl } } } }),
      env,
    );

  const own: [host: string, port: number, baseUrl: string][] = [
    ['127.0.0.1', 18790, 'http://127.0.0.1:18790/v1'],
    ['127.0.0.1', 18790, 'http://localhost:18790/v1'],
    ['127.0.0.1', 18790, 'http://LOCALHOST.:18790'],
    ['127.0.0.1', 18790, 'http://gateway.localhost:18790/v1'],
    ['127.0.0.1', 18790, 'http://127.0.0.2:18790/v1'],
    ['127.0.0.1', 18790, 'http://0x7f.1:18790/v1'],
    ['127.0.0.1', 18790, 'http://0.0.0.0:18790/v1'],
    ['127.0.0.1', 18790, 'http://[::1]:18790/v1'],
    ['127.0.0.1', 18790, 'http://[::ffff:127.0.0.1]:18790/v1'],
    ['127.0.0.1', 18790, 'https://127.0.0.1:18790/v1'],
    ['127.0.0.1', 80, 'http://127.0.0.1/v1'],
    ['127.0.0.1', 443, 'https://localhost/v1'],
    ['localhost', 18790, 'http://127.0.0.1:18790/v1'],
    ['::1', 18790, 'http://[0:0::1]:18790/v1'],
    ['[::1]', 18790, 'http://localhost:18790/v1'],
    ['0.0.0.0', 18790, 'http://127.0.0.1:18790/v1'],
    ['0.0.0.0', 18790, 'http://0.0.0.0:18790/v1'],
    ['0.0.0.0', 18790, 'http://[::]:18790/v1'],
    ['::', 18790, 'http://localhost:18790/v1'],
    ['::', 18790, 'http://[::1]:18790/v1'],
    ['10.1.2.3', 18790, 'http://10.1.2.3:18790/v1'],
    ['Gateway.example', 18790, 'http://gateway.EXAMPLE:18790/v1'],
    ['gateway.example', 18790, 'http://gateway.example.:18790/v1'],
    ['fd00::1', 18790, 'http://[fd00:0::0:1]:18790/v1'],
  ];
  for (const [host, port, baseUrl] of own) {
    it(`is ${baseUrl} of one on ${host}, port ${port}`, () => {
      assert.equal(
        said(host, port, baseUrl),
        `gateway.json5:1: gateway.providers.loop.baseUrl ${itself} ` +
          'Name the address of the provider, or have the gateway listen on another port.',
      );
    });
  }

  const others: [host: string, port: number, baseUrl: string][] = [
    ['127.0.0.1', 18790, 'http://127.0.0.1:11434/v1'],
    ['127.0.0.1', 18790, 'http://127.0.0.1/v1'],
    ['127.0.0.1', 18790, 'http://10.1.2.3:18790/v1'],
    ['127.0.0.1', 18790, 'http://localhost.example:18790/v1'],
    ['127.0.0.1', 0, 'http://127.0.0.1:0/v1'],
    ['127.0.0.1', 0, 'http://127.0.0.1:18790/v1'],
    ['0.0.0.0', 18790, 'http://10.1.2.3:18790/v1'],
    ['10.1.2.3', 18790, 'http://127.0.0.1:18790/v1'],
    ['10.1.2.3', 18790, 'http://10.1.2.4:18790/v1'],
    ['10.1.2.3', 18790, 'http://0.0.0.0:18790/v1'],
    ['gateway.example', 18790, 'http://localhost:18790/v1'],
    ['fe80::1%eth0', 18790, 'http://[fe80::2]:18790/v1'],
  ];
  for (const [host, port, baseUrl] of others) {
    it(`is not ${baseUrl} of one on ${host}, port ${port}`, () => {
      assert.equal(said(host, port, baseUrl), 'accepted');
    });
  }

  it('goes by where the environment has it listen', () => {
    const url = 'http://127.0.0.1:7000/v1';
    assert.match(said('127.0.0.1', 1, url, { GATEWAY_PORT: '7000' }), /loop\.baseUrl is the address of the gateway/);
    assert.equal(said('127.0.0.1', 7000, url, { GATEWAY_PORT: '1' }), 'accepted');
    assert.equal(said('127.0.0.1', 7000, url, { GATEWAY_HOST: '10.1.2.3' }), 'accepted');
  });

  it('may be one of the defaults', () => {
    const text = "{ gateway: { providers: {\n openai: { baseUrl: 'http://localhost:18790/v1' } } } }";
    assert.match(refusal(text), /^gateway\.json5:2: gateway\.providers\.openai\.baseUrl is the address/);
  });

  it('may stand in the settings of a package', () => {
    const loop = (baseURL: unknown) => ({ type: 'ai-sdk', package: 'none', models: ['m'], settings: { baseURL } });
    const text = (baseURL: unknown) => JSON.stringify({ gateway: { providers: { loop: loop(baseURL) } } });
    assert.match(
      refusal(text('http://127.0.0.1:18790/v1')),
      /^gateway\.json5:1: gateway\.providers\.loop\.settings\.baseURL is the address/,
    );
    assert.equal(refusal(text('http://127.0.0.1:1/v1')), 'accepted');
    assert.equal(refusal(text(18790)), 'accepted');
  });

  it('is told with everything else', () => {
    const baseUrl = 'http://127.0.0.1:18790';
    const loop = { type: 'openai', models: ['m'], baseUrl };
    const text = JSON.stringify({ gateway: { providers: { a: loop, b: loop }, models: { default: 'nobody' } } });
    assert.deepEqual(
      refusal(text)
        .split('\n')
        .map((line) => line.split(' ')[1]),
      ['gateway.providers.a.baseUrl', 'gateway.providers.b.baseUrl', 'gateway.models.default'],
    );
  });

  describe('by the vendors’ variables', () => {
    const start = (env: NodeJS.ProcessEnv, start = true) => refusal(undefined, env, { start });
    const leads = (variable: string, name: string) =>
      `${variable} ${itself} It is meant for programs that use the gateway: take it out of the environment that the ` +
      `gateway starts in, or set gateway.providers.${name}.baseUrl in the file.`;
    const openai = { OPENAI_BASE_URL: 'http://127.0.0.1:18790/v1', OPENAI_API_KEY: 'k' };
    const anthropic = { ANTHROPIC_BASE_URL: 'http://localhost:18790', ANTHROPIC_API_KEY: 'k' };
    const cases: [name: string, env: NodeJS.ProcessEnv, want: string][] = [
      ['OpenAI’s', openai, leads('OPENAI_BASE_URL', 'openai')],
      ['Anthropic’s', anthropic, leads('ANTHROPIC_BASE_URL', 'anthropic')],
      [
        'both',
        { ...openai, ...anthropic },
        `${leads('OPENAI_BASE_URL', 'openai')}\n${leads('ANTHROPIC_BASE_URL', 'anthropic')}`,
      ],
      ['one of another gateway', { ...openai, GATEWAY_PORT: '18791' }, 'accepted'],
      ['one without a key, that nobody is asked at', { OPENAI_BASE_URL: openai.OPENAI_BASE_URL }, 'accepted'],
    ];
    for (const [name, env, want] of cases) {
      it(`stops a start: ${name}`, () => assert.equal(start(env), want));
    }

    it('stops no command beside it, which may be one of a program', () => {
      assert.equal(start({ ...openai, ...anthropic }, false), 'accepted');
    });
  });

  it('is no matter of a variable where the file names the address', () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:18790/v1', OPENAI_API_KEY: 'k' };
    const text = "{ gateway: { providers: { openai: { baseUrl: 'http://127.0.0.1:1/v1' } } } }";
    assert.equal(refusal(text, env, { start: true }), 'accepted');
  });
});
