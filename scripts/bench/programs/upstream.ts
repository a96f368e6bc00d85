/**
 * The model at the other end, as cheap as Node can be. The model's name is its plan: `d60` answers after 60 ms,
 * `d0c80i20` streams 80 chunks, 20 ms apart, each alone in its packet.
 */
import { createServer, type ServerResponse } from 'node:http';
import { completion, completionChunk } from '../payloads.ts';
import { listen } from './listen.ts';

interface Plan {
  delayMs: number;
  chunks: number;
  intervalMs: number;
}

const answer = Buffer.from(completion);
const answerHead = ['Content-Type', 'application/json', 'Content-Length', String(answer.length)];
const streamHead = ['Content-Type', 'text/event-stream', 'Cache-Control', 'no-cache'];
const first = Buffer.from(completionChunk({ role: 'assistant', content: 'Well, ' }));
const next = Buffer.from(completionChunk({ content: 'and so on, ' }));
const usage = { prompt_tokens: 241, completion_tokens: 80, total_tokens: 321 };
const last = Buffer.from(
  completionChunk({}, { choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }] }) +
    completionChunk({}, { choices: [], usage }) +
    'data: [DONE]\n\n',
);

const plans = new Map<string, Plan>();

function planOf(body: string): Plan {
  const start = body.indexOf('"model":"') + '"model":"'.length;
  const model = body.slice(start, body.indexOf('"', start));
  const known = plans.get(model);
  if (known) return known;
  const [, delay = 0, chunks = 0, interval = 0] = /^d(\d+)(?:c(\d+)i(\d+))?$/.exec(model) ?? [];
  const plan = { delayMs: Number(delay), chunks: Number(chunks), intervalMs: Number(interval) };
  plans.set(model, plan);
  return plan;
}

function stream(response: ServerResponse, { chunks, intervalMs }: Plan): void {
  response.writeHead(200, streamHead);
  response.write(first);
  let sent = 1;
  const timer = setInterval(() => {
    if (sent < chunks) response.write(next);
    else {
      clearInterval(timer);
      response.end(last);
    }
    sent += 1;
  }, intervalMs);
  response.once('close', () => clearInterval(timer));
}

function reply(response: ServerResponse, plan: Plan): void {
  if (plan.chunks > 0) {
    stream(response, plan);
  } else {
    response.writeHead(200, answerHead);
    response.end(answer);
  }
}

listen(
  createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const plan = planOf(body);
      if (plan.delayMs === 0) reply(response, plan);
      else setTimeout(reply, plan.delayMs, response, plan);
    });
  }),
);
