/** Secrets are put into every slot that takes one, and then looked for wherever they have no business to be. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { openSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { openRaw, rawRequest } from '../support/raw-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type RequestOptions, requestTo, type Verb } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** Told apart from anything else that could stand there by chance. */
const canary = (name: string) => `canary-${name}-${hash('sha256', name).slice(0, 24)}`;

describe('canaries', function () {
  this.timeout(30_000);
  const folder = makeTemporaryDirectory();
  let fake: FakeProvider;
  let gateway: SpawnedGateway;

  const admin = canary('admin');
  const given = {
    admin,
    providerKey: canary('provider'),
    providerHeader: canary('header'),
    botToken: canary('bot'),
    webhookSecret: canary('webhook'),
    signingSecret: canary('signing'),
  };
  /** Keys that the gateway makes, and those that strangers try. */
  const made: Record<string, string> = {};
  const tried = { wrongKey: canary('wrong'), queryKey: canary('query'), socketKey: canary('socket') };
  const said = {
    prompt: canary('prompt'),
    answer: canary('answer'),
    title: canary('title'),
    instructions: canary('told'),
  };
  /** What providers say of their own when they fail. */
  const inside = { fault: canary('fault') };
  const answers: string[] = [];
  const failures = [400, 401, 403, 404, 429, 500];
  const models = [...failures.map((status) => `fails-with-${status}`), 'gpt-4o'];

  /** With `debug` everything is logged that ever is; with `info` what an operator sees every day. */
  async function live(level: 'debug' | 'info'): Promise<void> {
    gateway = await spawnGateway(folder.path, {
      GATEWAY_ADMIN_KEY: admin,
      GATEWAY_LOG_LEVEL: level,
      OPENAI_API_KEY: given.providerKey,
      OPENAI_BASE_URL: fake.openaiUrl,
      CANARY_HEADER: given.providerHeader,
      CANARY_BOT: given.botToken,
      CANARY_WEBHOOK: given.webhookSecret,
      CANARY_SIGNING: given.signingSecret,
    });
    await useEverything(level);
    assert.equal(await gateway.stop(), 0);
  }

  before(async () => {
    fake = await startFakeProvider();
    writeFileSync(
      join(folder.path, 'gateway.json5'),
      `{ gateway: {
        limits: { requestsPerMinute: 100000, authFailuresPerMinute: 100000 },
        providers: { openai: { headers: { 'X-Proxy-Key': '\${CANARY_HEADER}' }, models: ${JSON.stringify(models)} } },
        models: { retries: { attempts: 1 } },
        channels: {
          telegram: { botToken: '\${CANARY_BOT}', webhookSecret: '\${CANARY_WEBHOOK}' },
          slack: { signingSecret: '\${CANARY_SIGNING}', botToken: '\${CANARY_BOT}' },
        },
      } }`,
    );
  });
  after(async () => {
    // One that a failed test has left behind.
    await gateway?.kill();
    await fake.close();
    folder.remove();
  });

  async function ask(method: Verb, path: string, options: RequestOptions = {}): Promise<Record<string, never>> {
    const { text, body } = await requestTo(gateway.url, method, path, { key: admin, ...options });
    answers.push(text);
    return body;
  }

  async function useEverything(level: string): Promise<void> {
    const chat = { channel: 'api', message: said.prompt, sessionId: 's', model: 'gpt-4o' };
    fake.next({ text: said.answer });
    const heard: unknown = (await requestTo(gateway.url, 'POST', '/api/chat', { key: admin, body: chat })).body;
    assert.match(JSON.stringify(heard), new RegExp(said.answer));
    await requestTo(gateway.url, 'POST', '/api/sessions/s', {
      key: admin,
      body: { action: 'rename', title: said.title },
    });
    const configure = { action: 'configure', instructions: said.instructions };
    await requestTo(gateway.url, 'POST', '/api/sessions/s', { key: admin, body: configure });
    await makeKeys(level);
    // A model of its own for each failure: what fails or asks for a pause is left alone for a while.
    for (const [index, status] of failures.entries()) {
      fake.next({ status, message: `${inside.fault}: no such key ${given.providerKey}`, code: inside.fault });
      await ask('POST', '/api/chat', { body: { ...chat, model: models[index] } });
    }
    fake.next({ body: `<html>${inside.fault}</html>` });
    await ask('POST', '/api/chat', { body: chat });
    fake.next({ errorInside: true, text: 'so far so good', message: inside.fault });
    const stream = await openStream(gateway, '/api/chat', { key: admin, body: { ...chat, stream: true } });
    answers.push(JSON.stringify((await stream.all()).at(-1)));
    await misbehave();
    for (const path of [
      '/health/detailed',
      '/api/status',
      '/api/models',
      '/api/channels',
      '/api/keys',
      '/api/conformance',
      '/metrics',
    ]) {
      await ask('GET', path);
    }
  }

  async function makeKeys(level: string): Promise<void> {
    const body = { name: 'k', user: 'ann', scopes: ['chat', 'sessions'] };
    const { body: key } = await requestTo(gateway.url, 'POST', '/api/v2/keys', { key: admin, body });
    made[`first-${level}`] = key.key;
    await ask('GET', '/api/status', { key: key.key });
    const path = `/api/v2/keys/${key.id}/rotate`;
    const { body: again } = await requestTo(gateway.url, 'POST', path, { key: admin, body: { graceSeconds: 60 } });
    made[`second-${level}`] = again.key;
    await ask('GET', `/api/keys/${key.id}`);
    await ask('DELETE', `/api/keys/${key.id}`);
    await ask('GET', '/api/models', { key: again.key });
  }

  /** Secrets at places where nobody asked for them. */
  async function misbehave(): Promise<void> {
    await ask('GET', '/api/status', { key: tried.wrongKey });
    await ask('GET', `/api/status?key=${tried.queryKey}`);
    await ask('GET', `/nope/${admin}`, { key: null });
    await ask('POST', '/api/chat', { body: { [admin]: admin } });
    await ask('POST', '/api/chat', { headers: { 'Content-Type': admin }, body: 'hello' });
    await ask('POST', '/api/chat', { headers: { 'X-API-Version': admin }, body: {} });
    await ask('POST', '/webhook/telegram', {
      key: null,
      headers: { 'X-Telegram-Bot-Api-Secret-Token': tried.wrongKey },
      body: { update_id: 1 },
    });
    const raw = await openRaw(gateway.port);
    raw.write(rawRequest('GET /health', { Authorization: `Bearer ${admin}`, 'X-Long': 'x'.repeat(20_000) }));
    answers.push((await raw.answer('GET /health', { unparsed: true })).text);
    for (const frame of [{ type: 'auth', token: tried.socketKey }, `{"type":"auth","token":"${tried.socketKey}`]) {
      const open = await openSocket(gateway);
      open.send(frame);
      answers.push(JSON.stringify(await open.next('error')));
      await open.closed;
    }
    const open = await openSocket(gateway);
    open.send({ type: 'auth', token: admin });
    answers.push(JSON.stringify(await open.next('auth_ok')));
    open.send({ type: 'message', channel: 'api', content: said.prompt, [admin]: admin });
    await open.next('error');
    await open.close();
  }

  it('of keys are not in the log, however much is logged', async () => {
    await live('debug');
    assertNone({ ...given, ...made, ...tried }, gateway.output());
    assert.match(gateway.output(), /"level":"debug"/, 'it was looked for in all there is');
  });

  it('of conversations are not in the log of every day', async () => {
    await live('info');
    assertNone({ ...given, ...made, ...tried, ...said }, gateway.output());
  });

  it('are in no answer but the one that makes a key', () => {
    assert.ok(answers.length > 50);
    // What a client itself put into its request it may be shown as the fault; a good key is shown to nobody.
    const { admin: _, ...others } = given;
    assertNone({ ...others, ...made, ...inside, ...said }, answers.join('\n'));
  });

  it('of keys are not in the data folder, but as hashes', () => {
    const files = filesUnder(folder.path).filter((file) => !file.endsWith('.json5'));
    const bytes = Buffer.concat(files.map((file) => readFileSync(file))).toString('latin1');
    assert.ok(files.length > 0);
    assertNone({ ...given, ...made, ...tried, ...inside }, bytes);
    assert.ok(bytes.includes(said.prompt), 'what was said is there');
    for (const key of Object.values(made).filter((one) => one === made['second-info'])) {
      assert.ok(
        bytes.includes(hash('sha256', key)) || bytes.includes(hash('sha256', key, 'buffer').toString('latin1')),
      );
    }
  });

  it('reach the provider, and nobody else', () => {
    const { headers, body } = fake.requests[0] ?? assert.fail();
    assert.equal(headers.authorization, `Bearer ${given.providerKey}`);
    assert.equal(headers['x-proxy-key'], given.providerHeader);
    assertNone({ admin, ...made }, JSON.stringify([headers, body]));
  });
});

function assertNone(secrets: Record<string, string>, text: string): void {
  for (const [name, secret] of Object.entries(secrets)) {
    const at = text.indexOf(secret);
    assert.equal(at, -1, `${name} is there: ${text.slice(Math.max(0, at - 100), at + 100)}`);
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
