/** Vertex without a key: its package asks Google's own library for a token, which here asks this machine. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Provider } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts';
import { callOf, gather, textIn } from '../wires.ts';
import { realOptions } from './real-packages.ts';

const never = new AbortController().signal;
const base = '/v1beta1/projects/ours/locations/eu/publishers/google';
/** As `gcloud auth application-default login` writes it. */
const account = { type: 'authorized_user', client_id: 'me', client_secret: 'hush', refresh_token: 'again' };

describe('Vertex by an account of Google', () => {
  const folder = makeTemporaryDirectory();
  const keyFile = join(folder.path, 'credentials.json');
  let answer: { status: number; body: object };
  let asked: number;
  let tokens: Server;
  let fake: FakeProvider;
  let provider: Provider;

  before(() => writeFileSync(keyFile, JSON.stringify(account)));
  after(() => folder.remove());
  beforeEach(async () => {
    answer = { status: 200, body: { access_token: 'ya29.token', expires_in: 3600, token_type: 'Bearer' } };
    asked = 0;
    tokens = createServer((request, response) => {
      asked++;
      request.resume();
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    tokens.listen(0, '127.0.0.1');
    await once(tokens, 'listening');
    fake = await startFakeProvider();
    provider = await open(keyFile);
  });
  afterEach(async () => {
    await provider.close();
    await fake.close();
    tokens.close();
  });

  function open(keyFilename: string): Promise<Provider> {
    const place = tokens.address();
    const oauth2TokenUrl = `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}/token`;
    const googleAuthOptions = { keyFilename, clientOptions: { endpoints: { oauth2TokenUrl } } };
    const settings = { project: 'ours', location: 'eu', googleAuthOptions };
    return createAiSdkProvider(realOptions({ package: '@ai-sdk/google-vertex', settings, base }, fake));
  }

  it('asks for a token once, and calls with it', async () => {
    for (const stream of [true, false]) {
      const { events } = await gather(provider.call(callOf('hello there', { stream }), never));
      assert.equal(textIn(events), 'hello there');
    }
    assert.equal(asked, 1);
    assert.deepEqual(
      fake.requests.map(({ path, headers }) => [path, headers.authorization]),
      [
        [`${base}/models/model:streamGenerateContent?alt=sse`, 'Bearer ya29.token'],
        [`${base}/models/model:generateContent`, 'Bearer ya29.token'],
      ],
    );
  });

  it('is not let in with an account that is no longer good', async () => {
    answer = { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been revoked.' } };
    const { error } = await gather(provider.call(callOf('hello'), never));
    assert.equal(Object(error).kind, 'unauthorized');
    assert.equal(fake.requests.length, 0);
  });

  it('is not let in without the file of credentials', async () => {
    const lost = await open(join(folder.path, 'nowhere.json'));
    const { error } = await gather(lost.call(callOf('hello'), never));
    assert.equal(Object(error).kind, 'unauthorized');
    await lost.close();
  });

  it('leaves at once while it waits for a token', async () => {
    tokens.removeAllListeners('request');
    const waiting = once(tokens, 'request');
    const abort = new AbortController();
    const answered = gather(provider.call(callOf('hello'), abort.signal));
    await waiting;
    const at = performance.now();
    abort.abort(new Error('gone'));
    assert.match(String((await answered).error), /gone/);
    assert.ok(performance.now() - at < 100);
    tokens.closeAllConnections();
    assert.equal(fake.requests.length, 0);
  });
});
