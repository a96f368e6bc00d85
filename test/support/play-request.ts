import assert from 'node:assert/strict';
import { type FuzzRequest, keyMark } from './arbitrary-request.ts';
import type { Answer } from './observe-answer.ts';
import { openRaw, type RawSocket, rawRequest } from './raw-socket.ts';
import { signed, toRequest } from './signed-webhooks.ts';
import type { TestGateway } from './start-gateway.ts';

/** Sends requests one after another, on one connection as long as the gateway keeps it. */
export interface Player {
  /** Fails when the answer is not in the contract, is a failure of the gateway's own, or does not come. */
  play(request: FuzzRequest): Promise<Answer>;
  close(): void;
}

const patienceMs = 5000;

export function createPlayer(gateway: Pick<TestGateway, 'port' | 'adminKey'>): Player {
  let raw: RawSocket | undefined;

  async function answerTo(open: RawSocket, { line, headers, body, signedFor }: FuzzRequest): Promise<Answer> {
    const given = Object.entries(headers).map(([name, value]) => [name, value.replaceAll(keyMark, gateway.adminKey)]);
    const webhook = signedFor && typeof body === 'string' ? signed(signedFor, body) : undefined;
    const { 'content-type': _, ...signature } = webhook ? toRequest(webhook).headers : {};
    open.write(rawRequest(line, { ...Object.fromEntries(given), ...signature }, body));
    const patience = AbortSignal.timeout(patienceMs);
    const late = Promise.withResolvers<never>();
    const complain = () => late.reject(new Error('no answer came'));
    patience.addEventListener('abort', complain);
    try {
      return await Promise.race([open.answer(line), late.promise]);
    } finally {
      patience.removeEventListener('abort', complain);
    }
  }

  return {
    async play(request) {
      raw ??= await openRaw(gateway.port);
      try {
        const answer = await answerTo(raw, request);
        assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`);
        if (answer.headers.connection === 'close') throw new Closed(answer);
        return answer;
      } catch (error) {
        raw.destroy();
        raw = undefined;
        if (error instanceof Closed) return error.answer;
        throw error;
      }
    },
    close: () => raw?.destroy(),
  };
}

class Closed extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('the connection is closed');
    this.answer = answer;
  }
}
