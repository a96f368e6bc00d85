/**
 * The work itself and nothing around it: parse, hold the request against the contract, speak the provider's wire, parse
 * its answer, answer in ours. Plain node:http, no key, no limit, no log.
 */
import { createServer, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { requests } from '../../../generated/validators/2026-03-01.requests.js';

export interface Turn {
  question: string;
  answer: string;
}

interface ChatRequest {
  message: string;
  model: string;
}

interface Completion {
  model: string;
  choices: [{ message: { content: string } }];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

const headers = ['content-type', 'application/json'];

class Exchange implements Dispatcher.DispatchHandler {
  readonly #done: (body: string) => void;
  readonly #failed: () => void;
  readonly #chunks: Buffer[] = [];

  constructor(done: (body: string) => void, failed: () => void) {
    this.#done = done;
    this.#failed = failed;
  }

  onRequestStart(): void {}

  onResponseStart(): void {}

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    this.#done(only && this.#chunks.length === 1 ? only.toString() : Buffer.concat(this.#chunks).toString());
  }

  onResponseError(): void {
    this.#failed();
  }
}

/** `keep` is given each turn and calls back when the answer may go out. */
export function createJsonProxy(upstream: string, keep: (turn: Turn, kept: () => void) => void) {
  const pool = new Pool(upstream, { headersTimeout: 0, bodyTimeout: 0 });
  const validate = requests.createChat?.body;
  if (!validate) throw new Error('the contract has no chat');

  function fits(body: unknown): body is ChatRequest {
    return validate?.(body) === true;
  }

  function serve(text: string, response: ServerResponse): void {
    const body: unknown = JSON.parse(text);
    if (!fits(body)) return void response.writeHead(400).end();
    const { message: question, model } = body;
    const asked = JSON.stringify({ model, messages: [{ role: 'user', content: question }] });
    const exchange = new Exchange(
      (answered) => {
        const completion: Completion = JSON.parse(answered);
        const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = completion.usage;
        const answer = completion.choices[0].message.content;
        const usage = { promptTokens, completionTokens, totalTokens: completion.usage.total_tokens };
        keep({ question, answer }, () => {
          const data = { message: answer, sessionId: 's-1', model: completion.model, usage };
          const sent = Buffer.from(JSON.stringify({ success: true, data, timestamp: new Date().toISOString() }));
          response.writeHead(200, ['Content-Type', 'application/json', 'Content-Length', String(sent.length)]);
          response.end(sent);
        });
      },
      () => response.destroy(),
    );
    pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body: asked }, exchange);
  }

  return createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only] = chunks;
      serve(only && chunks.length === 1 ? only.toString() : Buffer.concat(chunks).toString(), response);
    });
  });
}
