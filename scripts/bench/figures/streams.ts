/** What a streamed piece costs, and how much later the first one comes. */
import { adminKey, type Bench, stream } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { Server } from '../load/closed-loop.ts';
import { toBytes } from '../load/http-lane.ts';
import { runStreams, type StreamSlice } from '../load/streams.ts';
import { chatRequest, completionRequest, partsRequest, pieceMarks } from '../payloads.ts';
import { interleave, paired } from '../rounds.ts';

const { model, chunks: pieces, intervalMs } = stream;
const streams = 60;
const requests = requestsTo(model);
/** The same with a millisecond between two pieces. */
const fastRequests = requestsTo(stream.fastModel);

function requestsTo(name: string) {
  const ask = { model: name, stream: true };
  return {
    upstream: toBytes({ method: 'POST', path: '/v1/chat/completions', body: completionRequest(ask) }),
    v1: toBytes({ method: 'POST', path: '/api/v1/chat', body: chatRequest(ask), key: adminKey }),
    v2: toBytes({ method: 'POST', path: '/api/v2/chat', body: partsRequest(ask), key: adminKey }),
    passed: toBytes({ method: 'POST', path: '/v1/chat/completions', body: completionRequest(ask), key: adminKey }),
  };
}

export async function measureStreams(bench: Bench): Promise<Figure[]> {
  const upstream = await bench.upstream();
  const gateway = await bench.gateway({ name: 'gateway-streams' });
  const pipe = await bench.floor('raw-pass');
  // A third of a millisecond off the interval, so that the pieces of different streams come at different times.
  const apartMs = intervalMs / 2 + 1 / 3;
  const run = (server: Server, of: keyof typeof requests) => () =>
    runStreams({ server, request: requests[of], mark: pieceMarks[of], streams, pieces, apartMs });
  const targets = {
    direct: run(upstream, 'upstream'),
    pipe: run(pipe, 'upstream'),
    v1: run(gateway, 'v1'),
    v2: run(gateway, 'v2'),
    passed: run(gateway, 'passed'),
  };
  // With as many pieces as others get requests the compiler is still at work, and would be measured too.
  const times = Math.ceil((4 * bench.effort.warmUpRequests) / (streams * pieces));
  for (let time = 0; time < times; time += 1) {
    await warmUp(pipe, 'upstream');
    await warmUp(gateway, 'v1');
    await warmUp(gateway, 'v2');
    await warmUp(gateway, 'passed');
  }
  const samples = await interleave(bench.effort.rounds + 1, targets);
  await gateway.stop();
  await pipe.stop();

  const costs = (of: keyof typeof targets) => samples(of).map(({ cost }) => cost);
  const cost = (a: StreamSlice, b: StreamSlice) => a.cost / b.cost;
  const added = (of: keyof typeof targets) =>
    paired(samples(of), samples('direct'), (a: StreamSlice, b: StreamSlice) => a.firstPiece - b.firstPiece);
  const firstToken = (name: string, of: keyof typeof targets): Figure => ({
    name: `${name}, added time to first token p50`,
    unit: 'ms',
    ours: added(of),
    floor: { name: 'raw-pass', values: added('pipe') },
    ratio: paired(added(of), added('pipe'), (a, b) => a / b),
    bound: { on: 'ours', better: 'lower', must: 1.5, goal: 0.8, floorThen: 0.44 },
  });
  const perChunk = (name: string, of: keyof typeof targets): Figure => ({
    name: `${name}, CPU a streamed chunk ÷ raw pipe`,
    unit: 'µs',
    ours: costs(of),
    floor: { name: 'raw-pass', values: costs('pipe') },
    ratio: paired(samples(of), samples('pipe'), cost),
  });
  const bound = { on: 'ratio', better: 'lower', must: 1.6, goal: 1.3 } as const;
  return [
    firstToken('SSE (v1)', 'v1'),
    { ...perChunk('SSE (v1)', 'v1'), bound },
    perChunk('SSE (v2)', 'v2'),
    firstToken('pass-through', 'passed'),
    { ...perChunk('pass-through', 'passed'), bound },
  ];
}

async function warmUp(server: Server, of: keyof typeof requests): Promise<void> {
  await runStreams({ server, request: fastRequests[of], mark: pieceMarks[of], streams, pieces, apartMs: 0 });
}
