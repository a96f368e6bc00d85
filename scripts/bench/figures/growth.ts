/** What a request costs more when there is more of everything: sessions, keys, operations. */
import { adminKey, type Bench, instant } from '../bench.ts';
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
  const [small, large] = await twoGateways(bench, 'sessions', { historyMessages: 2 });
  const rounds = await compare(bench, {
    few: { server: small, next: inSessions(few.sessions), first: few.sessions },
    many: { server: large, next: inSessions(many.sessions), first: many.sessions },
  });
  await stopAll([small, large]);
  return [toFigure(`chat in one of 10,000 sessions ÷ of ${few.sessions}`, rounds)];
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

/** In processes of their own each time: two of the same differ by half of what is allowed here. */
const pairsOfKeys = 6;

export async function measureKeys(bench: Bench): Promise<Figure[]> {
  const nextOfFew = await fillHome(bench, 'few-keys', few.keys);
  const nextOfMany = await fillHome(bench, 'many-keys', many.keys);
  const pairs: Samples[] = [];
  for (let pair = 0; pair < pairsOfKeys; pair += 1) {
    const small = await bench.gateway({ name: `few-keys-${pair}`, like: 'few-keys' });
    const large = await bench.gateway({ name: `many-keys-${pair}`, like: 'many-keys' });
    const sides = {
      few: { server: small, next: nextOfFew, first: 0 },
      many: { server: large, next: nextOfMany, first: many.keys },
    };
    pairs.push(await compare(bench, sides, Math.max(1, Math.floor(bench.effort.rounds / 2))));
    await stopAll([small, large]);
  }
  const samples: Samples = (of) => pairs.flatMap((pair) => pair(of));
  return [toFigure('chat with one of 1,000 keys ÷ with the only one', samples)];
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
  const small = await bench.gateway({ name: 'gateway-few-operations', operations: few.operations });
  const large = await bench.gateway({ name: 'gateway-many-operations', operations: many.operations });
  const chats = await compare(bench, {
    few: { server: small, next: () => chat, first: 0 },
    many: { server: large, next: () => chat, first: 0 },
  });
  const read = toBytes({ method: 'GET', path: `/api/v1/sessions/${readId}`, key: adminKey });
  const body = chatRequest({ model: instant, stream: false, sessionId: readId });
  const make = toBytes({ method: 'POST', path: '/api/v1/chat', body, key: adminKey });
  const next: NextRequest = (_lane, turn) => (turn === 0 ? make : read);
  const reads = await compare(bench, {
    few: { server: small, next, first: connections },
    many: { server: large, next, first: connections },
  });
  await stopAll([small, large]);
  return [
    toFigure('chat among 105 operations ÷ among 2', chats),
    toFigure('session read among 105 operations ÷ among 2', reads),
  ];
}

async function twoGateways(bench: Bench, of: string, options: { historyMessages?: number }) {
  return [
    await bench.gateway({ name: `gateway-few-${of}`, ...options }),
    await bench.gateway({ name: `gateway-many-${of}`, ...options }),
  ] as const;
}

interface Side {
  server: Server;
  next: NextRequest;
  /** Requests before anything is measured, so that every session or key has been there once. */
  first: number;
}

type Samples = Awaited<ReturnType<typeof compare>>;

/**
 * In whole slices, not in short ones as floors are: what many of something have of their own is cold in the processor's
 * caches when another process has just been at work, and would be measured as if one always had.
 */
async function compare(bench: Bench, { few, many }: { few: Side; many: Side }, rounds = bench.effort.rounds) {
  const { sliceMs, warmUpRequests } = bench.effort;
  const small = await ClosedLoop.open(few.server, connections, few.next);
  const large = await ClosedLoop.open(many.server, connections, many.next);
  // The same number to both, or one would be measured with warmer code than the other.
  const first = Math.max(few.first, many.first);
  for (const loop of [small, large]) await loop.send(first);
  for (const loop of [small, large]) await loop.warmUp(warmUpRequests / 2);
  const samples = await interleave(rounds, {
    few: () => small.run(sliceMs),
    many: () => large.run(sliceMs),
  });
  small.close();
  large.close();
  return samples;
}

function toFigure(name: string, samples: Samples): Figure {
  const ratio = paired(samples('many'), samples('few'), (a: Slice, b: Slice) => a.cost / b.cost);
  const costs = (of: 'few' | 'many') => samples(of).map(({ cost }) => cost);
  return { name, unit: 'µs', ours: costs('many'), floor: { name: 'when small', values: costs('few') }, ratio, bound };
}

async function stopAll(servers: readonly { stop(): Promise<void> }[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
