import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import { redactConfig, secretsOf } from '../../src/config/index.ts';
import { load, refusal } from './load.ts';

const canary = (name: string) => `canary-${name}-7f3a9c1e5b`;

const environment = {
  GATEWAY_ADMIN_KEY: canary('admin-key-of-the-operator'),
  ANTHROPIC_API_KEY: canary('anthropic'),
  TELEGRAM: canary('telegram'),
};

const file = `{ gateway: {
  providers: {
    openai: { apiKey: '${canary('openai')}', headers: { 'x-proxy-key': '${canary('header')}' } },
  },
  channels: {
    telegram: { botToken: '\${TELEGRAM}', webhookSecret: '${canary('webhook-secret')}' },
    discord: { applicationId: '42', publicKey: '${'ab'.repeat(32)}', botToken: '${canary('discord')}' },
    slack: { signingSecret: '${canary('signing')}', botToken: '${canary('slack')}' },
    webhook: { secret: 'whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5', callbackUrl: 'https://a.example/${canary('path')}' },
  },
} }`;

describe('the secrets of a configuration', () => {
  it('are not in its redacted form', () => {
    const printed = inspect(redactConfig(load(file, environment)), { depth: null });
    assert.doesNotMatch(printed, /canary|whsec_/i);
    assert.match(printed, /apiKeys: \[ '\[secret\]' \]/);
    assert.match(printed, /applicationId: '42'/);
    assert.match(printed, /baseUrl: 'https:\/\/api\.openai\.com\/v1'/);
  });

  it('are hidden and known also where there are several', () => {
    const config =
      load(`{ gateway: { providers: { openai: { apiKey: ['${canary('one')}', '${canary('two')}'] } }, channels: {
      telegram: { webhookSecret: ['${canary('new')}', '${canary('old')}'] },
      webhook: { secret: ['whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5', 'whsec_bmV3ZXItbmV3ZXItbmV3ZXItbmV3ZXItbmV3'] },
    } } }`);
    assert.doesNotMatch(inspect(redactConfig(config), { depth: null }), /canary|whsec_/);
    assert.deepEqual(secretsOf(config), [
      canary('one'),
      canary('two'),
      canary('new'),
      canary('old'),
      'whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5',
      'whsec_bmV3ZXItbmV3ZXItbmV3ZXItbmV3ZXItbmV3',
    ]);
  });

  it('are left out, not shown as secret, where there are none', () => {
    assert.doesNotMatch(inspect(redactConfig(load(undefined)), { depth: null }), /\[secret\]/);
  });

  it('are all known, for the log to scrub', () => {
    assert.deepEqual(
      secretsOf(load(file, environment)).sort(),
      [
        ...['admin-key-of-the-operator', 'anthropic', 'telegram', 'openai', 'header', 'webhook-secret'].map(canary),
        ...['discord', 'signing', 'slack'].map(canary),
        'whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5',
        `https://a.example/${canary('path')}`,
      ].sort(),
    );
  });

  it('are never in an error, wherever they were put', () => {
    const secret = canary('misplaced');
    const places = [
      `{ gateway: { port: '${secret}' } }`,
      `{ gateway: { conformance: '${secret}' } }`,
      `{ gateway: { host: 'http://${secret}' } }`,
      `{ gateway: { origins: ['${secret}'] } }`,
      `{ gateway: { providers: { openai: { baseUrl: '${secret}' } } } }`,
      `{ gateway: { providers: { openai: { baseUrl: 'https://${secret}@api.example' } } } }`,
      `{ gateway: { providers: { openai: { apiKey: ['good', '${secret} '] } } } }`,
      `{ gateway: { providers: { openai: { apiKey: '${secret} ' } } } }`,
      `{ gateway: { models: { default: '${secret}' } } }`,
      `{ gateway: { models: { routes: { a: ['${secret}/${secret}', 'openai/${secret}'] } } } }`,
      `{ gateway: { channels: { webhook: { secret: 'whsec_${secret}' } } } }`,
      `{ gateway: { channels: { telegram: { webhookSecret: '${secret}:' } } } }`,
      `{ gateway: { channels: { telegram: { webhookSecret: ['good', '${secret}:'] } } } }`,
      `{ gateway: { channels: { telegram: { webhookSecret: ['${secret}', '${secret}'] } } } }`,
      `{ gateway: { channels: { webhook: { secret: ['whsec_${secret}'] } } } }`,
      `{ gateway: { channels: { slack: { apiRoot: 'https://a.example/?${secret}' } } } }`,
      `{ gateway: { channels: { telegram: { botToken: '${secret}\${NOT_SET}' } } } }`,
      `{ gateway: { apiKey: '${secret}' }`,
    ];
    for (const place of places) {
      const message = refusal(place);
      assert.notEqual(message, 'accepted', place);
      assert.ok(!message.includes('canary'), message);
    }
    for (const variable of ['GATEWAY_PORT', 'GATEWAY_LOG_LEVEL', 'OPENAI_BASE_URL']) {
      assert.ok(!refusal(undefined, { [variable]: secret }).includes('canary'), variable);
    }
    assert.ok(!refusal(undefined, { GATEWAY_ADMIN_KEY: `${secret}\n` }).includes('canary'));
  });
});
