/** Nearly right requests, thousands of them: none is answered by a 5xx or by anything that the contract does not have. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arbitraryRequest, exampleRoutes } from '../support/arbitrary-request.ts';
import { createPlayer } from '../support/play-request.ts';
import { readCorpus } from '../support/request-corpus.ts';
import { channelSettings } from '../support/signed-webhooks.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const requests = 3000;
/** The same in every run: others are tried by `node scripts/fuzz.ts`, which keeps what it finds in the corpus. */
const seed = 20260301;

describe('requests made from the contract and spoilt', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway({ settings: { channels: channelSettings, models: { routes: exampleRoutes } } });
    await gateway.request('POST', '/api/chat', {
      body: { channel: 'api', message: 'hello', sessionId: 'session-123' },
    });
  });
  after(() => gateway.close());

  it(`are answered as documented, ${requests} of them`, async function () {
    this.timeout(60_000);
    const player = createPlayer(gateway);
    const statuses = new Map<number, number>();
    const property = fc.asyncProperty(
      arbitraryRequest(['session-123', 'key_0', 'run_0', 'evt_0', 's']),
      async (request) => {
        const { status } = await player.play(request);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      },
    );
    await fc.assert(property, { numRuns: requests, seed });
    player.close();
    // Were they all refused at the door, or none of them, nothing would have been tried.
    for (const status of [200, 201, 204, 400, 401, 404, 405, 415]) {
      assert.ok((statuses.get(status) ?? 0) >= requests / 1000, `${statuses.get(status)} answers of ${status}`);
    }
  });

  for (const { name, request } of readCorpus()) {
    it(`are answered as documented again: ${name}, ${request.line.slice(0, 80)}`, async () => {
      const player = createPlayer(gateway);
      await player.play(request);
      player.close();
    });
  }
});
