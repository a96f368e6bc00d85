import { GatewayError } from './errors.ts';
import type { Limiter, LimitState } from './ports/limiter.ts';
import type { ModelLimits, Principal } from './principal.ts';

const minute = 60_000;

/** What a run holds of its key's limits while it goes on. */
export interface RunReservation {
  /** Of the limit on tokens with the least left, when the run began; absent where none holds. */
  readonly tokens: LimitState | undefined;
  /**
   * Corrects the tokens to what was used and gives up the places. The first call counts. What was reserved in a window
   * that is over is not given back into the next one.
   */
  settle(tokens: number): void;
}

/** What a run could need at most. */
export interface RunTokens {
  inputTokens: number;
  outputTokens: number;
}

interface Taken {
  settle(tokens: number): void;
  undo(): void;
}

/**
 * Takes of all limits that hold for a run, or of none. A place is asked for before tokens, so that the costliest thing to
 * give back is taken last.
 */
export async function reserveRun(
  limiter: Limiter,
  now: () => number,
  { account, limits }: Principal,
  model: string,
  needed: RunTokens,
): Promise<RunReservation> {
  const ofModel = limits.models && Object.hasOwn(limits.models, model) ? limits.models[model] : undefined;
  const tokens = needed.inputTokens + needed.outputTokens;
  const taken: Taken[] = [];
  let tightest: LimitState | undefined;

  async function hold({ concurrentRuns: limit }: ModelLimits, counter: string, of: string): Promise<void> {
    if (limit === undefined) return;
    const held = await limiter.hold(`runs:${counter}`, limit);
    if (!held.granted) throw refused(`The key may have ${limit} runs${of} under way at once.`, 0);
    taken.push({ settle: held.release, undo: held.release });
  }

  async function begin({ requestsPerMinute: limit }: ModelLimits, counter: string, of: string): Promise<void> {
    if (limit === undefined) return;
    const reserved = await limiter.reserve(`begun:${counter}`, 1, limit, minute);
    if (!reserved.granted) throw refused(`The key may begin ${limit} runs${of} a minute.`, reserved.resetAt - now());
    taken.push({ settle() {}, undo: () => reserved.settle(0) });
  }

  async function use({ tokensPerMinute: limit }: ModelLimits, counter: string, of: string): Promise<void> {
    if (limit === undefined) return;
    const { granted, settle, ...state } = await limiter.reserve(`tokens:${counter}`, tokens, limit, minute);
    if (!granted) throw refused(wordsOf(tokens, state, of), state.resetAt - now(), state);
    taken.push({ settle, undo: () => settle(0) });
    if (!tightest || state.remaining < tightest.remaining) tightest = state;
  }

  const ofKey = limits.tokensPerMinute ?? Infinity;
  const whole = Math.min(ofKey, ofModel?.tokensPerMinute ?? Infinity);
  if (tokens > whole) {
    const [counter, of] = whole === ofKey ? [account, ''] : [`${account} ${model}`, ` of the model ${model}`];
    throw tooLarge(needed, await limiter.peek(`tokens:${counter}`, whole, minute), of);
  }
  try {
    for (const take of [hold, begin, use]) {
      // Requests of the key itself are counted where they come in.
      if (take !== begin) await take(limits, account, '');
      if (ofModel) await take(ofModel, `${account} ${model}`, ` of the model ${model}`);
    }
  } catch (error) {
    for (const { undo } of taken) undo();
    throw error;
  }

  let isOver = false;
  return {
    tokens: tightest,
    settle(used) {
      if (isOver) return;
      isOver = true;
      for (const { settle } of taken) settle(used);
    },
  };
}

function wordsOf(tokens: number, { limit, remaining }: LimitState, of: string): string {
  return `This request could need ${tokens} tokens${of}, and ${remaining} of the ${limit} a minute that the key may use are left.`;
}

/** It fits into no window, so that waiting for the next one would not help. */
function tooLarge({ inputTokens, outputTokens }: RunTokens, state: LimitState, of: string): GatewayError {
  const { limit } = state;
  const asked = `${inputTokens + outputTokens} tokens${of}, ${inputTokens} to read and ${outputTokens} to answer`;
  const room = limit - inputTokens;
  const answer =
    outputTokens > 0 && room > 0 ? `Name a maximum of ${room} tokens or fewer for the answer, or send` : 'Send';
  return new GatewayError(
    'RATE_LIMITED',
    `This request could need ${asked}: more than the ${limit} that the key may use in a whole minute. ${answer} less.`,
    { retryable: false, retryAfter: minute / 1000, tokens: state },
  );
}

function refused(message: string, waitMs: number, tokens?: LimitState): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  return new GatewayError('RATE_LIMITED', message, { retryAfter, ...(tokens ? { tokens } : {}) });
}
