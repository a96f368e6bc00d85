/** A connection stands for nobody: each of its requests is who its own key says, as that key stands then. */
import assert from 'node:assert/strict';
import { openRaw, type RawSocket, rawRequest } from '../../support/raw-socket.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

describe('keys on a connection', () => {
  let gateway: TestGateway;
  let raw: RawSocket;

  before(async () => {
    gateway = await startGateway();
  });
  beforeEach(async () => {
    raw = await openRaw(gateway.port);
  });
  afterEach(() => raw.destroy());
  after(() => gateway.close());

  async function ask(headers: Record<string, string>, path = '/api/keys'): Promise<number> {
    raw.write(rawRequest(`GET ${path}`, headers));
    return (await raw.answer(`GET ${path}`)).status;
  }
  const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

  it('may be other ones with each request', async () => {
    const [first, second] = [await gateway.makeKey({ scopes: ['admin'] }), await gateway.makeKey({ scopes: ['chat'] })];
    const statuses: number[] = [];
    for (const key of [first, first, second, second, first]) statuses.push(await ask(bearer(key)));
    assert.deepEqual(statuses, [200, 200, 403, 403, 200]);
  });

  it('do not speak for a request without one, or with a wrong one', async () => {
    const key = await gateway.makeKey({ scopes: ['admin'] });
    const statuses = [await ask(bearer(key)), await ask({}), await ask(bearer(key))];
    statuses.push(await ask(bearer(`${key}x`)), await ask(bearer(`${key}x`)), await ask(bearer(key)));
    assert.deepEqual(statuses, [200, 401, 200, 401, 401, 200]);
  });

  it('are not remembered where only a vendor’s path takes them', async () => {
    const key = await gateway.makeKey({ scopes: ['admin'] });
    const vendors = { 'X-Api-Key': key };
    const statuses = [await ask(vendors, '/v1/models'), await ask(vendors), await ask(vendors, '/v1/models')];
    assert.deepEqual(statuses, [200, 401, 200]);
  });

  it('are felt to be revoked by the next request', async () => {
    const key = await gateway.makeKey({ scopes: ['admin'] });
    assert.equal(await ask(bearer(key)), 200);
    const { body } = await gateway.request('GET', '/api/keys');
    const { id } = body.data.keys.find(({ prefix }: { prefix: string }) => key.startsWith(prefix));
    await gateway.request('DELETE', `/api/keys/${id}`);
    assert.equal(await ask(bearer(key)), 401);
  });
});
