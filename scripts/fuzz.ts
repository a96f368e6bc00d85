/**
 * Sends requests made from the contract and spoilt to a gateway of its own: `node scripts/fuzz.ts [requests] [seed]`. One
 * that is answered by a 5xx, outside the contract or not at all is made as small as possible and kept in the corpus,
 * which every test run sends again.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { arbitraryRequest, exampleRoutes, type FuzzRequest } from '../test/support/arbitrary-request.ts';
import { createPlayer } from '../test/support/play-request.ts';
import { keepRequest } from '../test/support/request-corpus.ts';
import { channelSettings } from '../test/support/signed-webhooks.ts';
import { startGateway } from '../test/support/start-gateway.ts';

const [requests = 1_000_000, seed = randomInt(2 ** 31)] = process.argv.slice(2).map(Number);
/** Keys and sessions that requests make pile up in one gateway, and would be all that is measured. */
const requestsOfOneGateway = 10_000;

print(`${requests} requests, seed ${seed}`);
let failures = 0;
for (let sent = 0; sent < requests; sent += requestsOfOneGateway) {
  failures += await round(Math.min(requestsOfOneGateway, requests - sent), seed + sent);
  print(`${Math.min(sent + requestsOfOneGateway, requests)} sent, ${failures} wrong`);
}
process.exit(failures === 0 ? 0 : 1);

async function round(numRuns: number, roundSeed: number): Promise<number> {
  const gateway = await startGateway({ settings: { channels: channelSettings, models: { routes: exampleRoutes } } });
  const player = createPlayer(gateway);
  const property = fc.asyncProperty(
    arbitraryRequest(['session-123', 'key_0', 'run_0', 'evt_0', 's']),
    async (request) => {
      await player.play(request);
    },
  );
  const outcome = await fc.check(property, { numRuns, seed: roundSeed });
  player.close();
  await gateway.close();
  if (!outcome.failed) return 0;
  const [request]: [FuzzRequest] = outcome.counterexample ?? [{ line: 'none', headers: {}, body: '' }];
  print(`seed ${roundSeed}: ${request.line} kept as ${keepRequest(request)}`);
  print(String(outcome.errorInstance));
  return 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
