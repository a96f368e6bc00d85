/** What a request costs more when there is more of everything: sessions, keys, operations. */
import { adminKey, type Bench, type GatewayOptions, instant } from '../bench.ts';
import type { Running } from '../children.ts';
import type { Figure } from '../figure.ts';
import { ClosedLoop, type NextRequest, type Server, type Slice } from '../load/closed-loop.ts';
import { toBytes } from '../load/http-lane.ts';
import { chatRequest } from '../payloads.ts';
import { interleave, paired } from '../rounds.ts';
import { chat } from './chat.ts';

const connections = 8;
const bound = { on: 'ratio', better: 'lower', must: 1.1, goal: 1.05 } as const;
const readId = 'session-1';
const few = { sessions: 10, keys: 1, operations: 2 };
const many = { sessions: 10_000, keys: 1000, operations: 105 };

/** Turns of existing sessions. Each sends the last question and answer along, so that a session's age does not count. */
export async function measureSessions(bench: Bench): Promise<Figure[]> {
  const options = { historyMessages: 2 };
  const pairs = await inPairs(
    bench,
    { name: 'sessions', pairs: 3, few: options, many: options },
    (small, large, rounds) =>
      compare(bench, rounds, {
        few: { server: small, next: inSessions(few.sessions) },
        many: { server: large, next: inSessions(many.sessions) },
        first: many.sessions,
      }),
  );
  return [toFigure(`chat in one of 10,000 sessions ÷ of ${few.sessions}`, pairs)];
}

/** Each connection keeps to sessions of its own: turns of one session would wait for one another. */
function inSessions(count: number): NextRequest {
  const requests = Array.from({ length: count }, (_, index) => {
    const body = chatRequest({ model: instant, stream: false, sessionId: `session-${index}` });
    return toBytes({ method: 'POST', path: '/api/v1/chat', body, key: adminKey });
  });
  return (lane, turn) => {
    const own = Math.ceil((count - lane) / connections);
    return requests[lane + connections * (turn % own)] ?? chat;
  };
}

export async function measureKeys(bench: Bench): Promise<Figure[]> {
  const nextOfFew = await fillHome(bench, 'few-keys', few.keys);
  const nextOfMany = await fillHome(bench, 'many-keys', many.keys);
  const options = { name: 'keys', pairs: 5, few: { like: 'few-keys' }, many: { like: 'many-keys' } };
  const pairs = await inPairs(bench, options, (small, large, rounds) =>
    compare(bench, rounds, {
      few: { server: small, next: nextOfFew },
      many: { server: large, next: nextOfMany },
      first: many.keys,
    }),
  );
  return [toFigure('chat with one of 1,000 keys ÷ with the only one', pairs)];
}

/** By a process that is not measured: to make a thousand keys compiles code that is not compiled to make one. */
async function fillHome(bench: Bench, name: string, count: number): Promise<NextRequest> {
  const maker = await bench.gateway({ name });
  const next = withKeys(await makeKeys(maker, count));
  await maker.stop();
  return next;
}

async function makeKeys({ port }: Server, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const made = await fetch(`http://127.0.0.1:${port}/api/v2/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `key ${index}`, user: `user-${index}`, scopes: ['chat'] }),
    });
    const answer: unknown = await made.json();
    if (typeof answer !== 'object' || answer === null || !('key' in answer)) throw new Error('no key was made');
    keys.push(String(answer.key));
  }
  return keys;
}

function withKeys(keys: readonly string[]): NextRequest {
  const body = chatRequest({ model: instant, stream: false });
  const requests = keys.map((key) => toBytes({ method: 'POST', path: '/api/v1/chat', body, key }));
  return (lane, turn) => requests[(lane + connections * turn) % requests.length] ?? chat;
}

/** An exact path, and one with a parameter, which has to be held against every template of the table. */
export async function measureOperations(bench: Bench): Promise<Figure[]> {
  const read = toBytes({ method: 'GET', path: `/api/v1/sessions/${readId}`, key: adminKey });
  const body = chatRequest({ model: instant, stream: false, sessionId: readId });
  const make = toBytes({ method: 'POST', path: '/api/v1/chat', body, key: adminKey });
  const next: NextRequest = (_lane, turn) => (turn === 0 ? make : read);
  const options = {
    name: 'operations',
    pairs: 3,
    few: { operations: few.operations },
    many: { operations: many.operations },
  };
  const pairs = await inPairs(bench, options, async (small, large, rounds) => ({
    chats: await compare(bench, rounds, {
      few: { server: small, next: () => chat },
      many: { server: large, next: () => chat },
      first: 0,
    }),
    reads: await compare(bench, rounds, {
      few: { server: small, next },
      many: { server: large, next },
      first: connections,
    }),
  }));
  return [
    toFigure(
      'chat among 105 operations ÷ among 2',
      pairs.map(({ chats }) => chats),
    ),
    toFigure(
      'session read among 105 operations ÷ among 2',
      pairs.map(({ reads }) => reads),
    ),
  ];
}

interface PairOptions {
  name: string;
  pairs: number;
  few: Omit<GatewayOptions, 'name'>;
  many: Omit<GatewayOptions, 'name'>;
}

/**
 * Measures in several pairs of processes, one after another: of two that run the same, one is often dearer by half of
 * what is allowed here.
 */
async function inPairs<Result>(
  bench: Bench,
  { name, pairs, few, many }: PairOptions,
  measure: (small: Running, large: Running, rounds: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let pair = 1; pair <= pairs; pair += 1) {
    const small = await bench.gateway({ name: `gateway-few-${name}-${pair}`, ...few });
    const large = await bench.gateway({ name: `gateway-many-${name}-${pair}`, ...many });
    results.push(await measure(small, large, Math.ceil(bench.effort.rounds / pairs)));
    await small.stop();
    await large.stop();
  }
  return results;
}

interface Side {
  server: Server;
  next: NextRequest;
}

interface Sides {
  few: Side;
  many: Side;
  /** Requests to each before anything is measured, so that every session or key of the many has been there once. */
  first: number;
}

type Samples = Awaited<ReturnType<typeof compare>>;

/**
 * In whole slices, not in short ones as floors are: what many of something have of their own is cold in the processor's
 * caches when another process has just been at work, and would be measured as if one always had.
 */
async function compare(bench: Bench, rounds: number, { few, many, first }: Sides) {
  const { sliceMs, warmUpRequests } = bench.effort;
  const small = await ClosedLoop.open(few.server, connections, few.next);
  const large = await ClosedLoop.open(many.server, connections, many.next);
  // The same number to both, or one would be measured with warmer code than the other.
  for (const loop of [small, large]) await loop.send(first);
  for (const loop of [small, large]) await loop.warmUp(Math.max(0, warmUpRequests / 2 - first));
  const samples = await interleave(rounds, {
    few: () => small.run(sliceMs),
    many: () => large.run(sliceMs),
  });
  small.close();
  large.close();
  return samples;
}

function toFigure(name: string, pairs: readonly Samples[]): Figure {
  const of = (side: 'few' | 'many') => pairs.flatMap((samples) => samples(side));
  const ratio = paired(of('many'), of('few'), (a: Slice, b: Slice) => a.cost / b.cost);
  const costs = (side: 'few' | 'many') => of(side).map(({ cost }) => cost);
  return { name, unit: 'µs', ours: costs('many'), floor: { name: 'when small', values: costs('few') }, ratio, bound };
}
