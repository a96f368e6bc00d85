/** What the contract says of shapes that are served beside the versions, and what their clients may be told. */
import assert from 'node:assert/strict';
import {
  type ForeignName,
  foreignNames,
  type Operation,
  type OperationId,
  operations,
} from '../../generated/operations.ts';
import * as anthropic from '../../generated/validators/anthropic.answers.js';
import * as openai from '../../generated/validators/openai.answers.js';
import type { AnswerValidators, Validate } from '../../generated/validators/validate.ts';
import type { Answer } from './observe-answer.ts';

interface ForeignShape {
  answers: Readonly<Record<string, AnswerValidators>>;
  /** What a failure looks like, whatever operation it is of. */
  failure: Validate;
  /** Holds the text of a whole stream against how its operation's end. */
  checkStream(operation: string, text: string): void;
}

const shapes: Record<ForeignName, ForeignShape> = {
  anthropic: {
    answers: anthropic.answers,
    failure: shared(anthropic.answers.createMessage?.['400']?.['application/json']),
    checkStream: checkAnthropicStream,
  },
  openai: {
    answers: openai.answers,
    failure: shared(openai.answers.createChatCompletion?.['400']?.['application/json']),
    checkStream: checkOpenAiStream,
  },
};

export const everyForeignOperation: readonly { date: ForeignName; id: OperationId; rules: Operation }[] =
  foreignNames.flatMap((date) =>
    // The table's own keys.
    Object.entries(operations[date]).map(([id, rules]) => ({ date, id: id as OperationId, rules })),
  );

/** The shape that a target is answered in: `/v1` is OpenAI's, but for what is Anthropic's. */
export function foreignAt(target: string): ForeignName | undefined {
  const [path = ''] = target.split('?');
  if (!path.startsWith('/v1/')) return undefined;
  return /^\/v1\/messages(\/|$)/.test(path) ? 'anthropic' : 'openai';
}

export function observeForeign(name: ForeignName, { method, target, status, headers, text }: Answer): void {
  const [path = ''] = target.split('?');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = everyForeignOperation.find(({ rules }) => rules.method === wanted && fits(rules.path, path));
  const { failure } = shapes[name];
  const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
  if (status >= 400) {
    assert.ok(method === 'HEAD' || failure(JSON.parse(text)), `${JSON.stringify(failure.errors)} in ${text}`);
    assert.match(String(headers['x-should-retry']), /^(true|false)$/, 'X-Should-Retry');
    assert.ok(!/node:internal|\.[jt]s:\d+|node_modules|SQLITE/.test(text), `it tells of the inside: ${text}`);
    if (status === 429 && headers['x-should-retry'] === 'false') assert.equal(headers['retry-after'], undefined);
    else if (status === 429 || status === 503) assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/, 'Retry-After');
  }
  if (!found) {
    assert.ok([401, 404, 405].includes(status), `${status} where there is no operation`);
    return;
  }
  const isEmpty = method === 'HEAD' || text === '';
  checkForeign(name, found.id, String(status), type, isEmpty ? undefined : isJson(type) ? JSON.parse(text) : text);
}

/** Fails when the operation has no such answer, or the body does not fit it; undefined stands for one that is not there. */
export function checkForeign(name: ForeignName, id: string, status: string, type: string, body: unknown): void {
  const { answers, checkStream } = shapes[name];
  const validate = answers[id]?.[status]?.[type];
  assert.notEqual(validate, undefined, `${id} has no answer ${status} of ${type}`);
  if (body === undefined) return;
  if (type === 'text/event-stream') checkStream(id, String(body));
  assert.ok(
    !validate || validate(body),
    `${id} ${status}: ${JSON.stringify(validate?.errors)} in ${JSON.stringify(body)}`,
  );
}

function isJson(type: string): boolean {
  return type === 'application/json';
}

/** Which event is the last one. */
function checkOpenAiStream(operation: string, text: string): void {
  const last = text.trimEnd().split('\n\n').at(-1) ?? '';
  if (operation === 'createResponse') assert.match(last, /^event: (response\.(completed|incomplete|failed)|error)\n/);
  else assert.match(last, /^data: (\[DONE\]$|\{"error":)/);
}

function checkAnthropicStream(_operation: string, text: string): void {
  assert.match(text.trimEnd().split('\n\n').at(-1) ?? '', /^event: (message_stop|error)\n/);
}

function fits(template: string, path: string): boolean {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
}

function shared(validate: Validate | null | undefined): Validate {
  if (!validate) throw new Error('the contract has no shape for failures');
  return validate;
}
