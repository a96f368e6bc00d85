/**
 * How an operation or a client's frame is admitted stands beside it and is what the transports enforce; one that says
 * nothing would be open, free or endless by accident. The fields are checked against each other too: a key for repeating
 * safely needs a header to carry it, and a limit on a body needs a body.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Enforced, Message, Operation, Parameter } from '../generate/documents.ts';
import { type Context, type Report, type Rule, reporter, trackOutbound } from './rule.ts';

const scopeFile = new URL('../../openapi/schemas/Scope.yaml', import.meta.url);
const { enum: scopes }: { enum: string[] } = parse(readFileSync(scopeFile, 'utf8'));
const directions = ['client', 'server', 'event'];
const idempotency = ['natural', 'key', 'none'];
const longestTimeout = 3_600_000;

export const enforcedFields: Rule = () => {
  const outbound = trackOutbound();
  return {
    WebhooksMap: outbound.visitor,
    Operation(operation: Operation, context) {
      // AsyncAPI's operations say who sends; how a frame is admitted stands with the message.
      if ('action' in operation || outbound.isInside()) return;
      const report = reporter(context);
      checkFields(operation, report);
      checkIdempotencyKey(operation, context, report);
      const limit = operation['x-body-limit'];
      if (limit !== undefined && !isCount(limit, 1)) report('x-body-limit is a number of bytes.', 'x-body-limit');
      if (limit !== undefined && !operation.requestBody) report('x-body-limit needs a body.', 'x-body-limit');
      if (operation['x-sunset'] && !operation.deprecated) report('x-sunset needs deprecated: true.', 'x-sunset');
      if (operation.deprecated && !operation['x-sunset']) report('What is deprecated says its x-sunset.');
    },
    Message(message: Message, context) {
      const report = reporter(context);
      const direction = message['x-direction'];
      if (!direction || !directions.includes(direction)) report(`x-direction is one of ${directions.join(', ')}.`);
      if (direction === 'client') checkFields(message, report);
    },
  };
};

function checkFields(from: Enforced, report: Report): void {
  const { 'x-scopes': needed, 'x-rate-limit': cost, 'x-timeout': timeout, 'x-idempotent': idempotent } = from;
  if (!Array.isArray(needed)) report('x-scopes is a list, empty when any key will do.');
  for (const scope of Array.isArray(needed) ? needed : []) {
    if (!scopes.includes(scope)) report(`There is no scope ${scope}.`, 'x-scopes');
  }
  if (cost !== 0 && cost !== 1) report('x-rate-limit is 0 or 1.');
  if (!isCount(timeout, 1) || timeout > longestTimeout) report(`x-timeout is 1 to ${longestTimeout} milliseconds.`);
  if (!idempotent || !idempotency.includes(idempotent)) report(`x-idempotent is one of ${idempotency.join(', ')}.`);
}

function checkIdempotencyKey(operation: Operation, context: Context, report: Report): void {
  const parameters = (operation.parameters ?? []).map((parameter) => lookThrough(parameter, context));
  const hasKey = parameters.some(({ name }) => name === 'Idempotency-Key');
  if (operation['x-idempotent'] === 'key' && !hasKey) report('x-idempotent: key needs the header Idempotency-Key.');
  if (operation['x-idempotent'] !== 'key' && hasKey) report('Idempotency-Key needs x-idempotent: key.');
}

function lookThrough(parameter: Parameter, { resolve }: Context): Partial<Parameter> {
  if (!parameter.$ref) return parameter;
  return Object(resolve({ $ref: parameter.$ref }).node);
}

function isCount(value: number | undefined, least: number): value is number {
  return value !== undefined && Number.isInteger(value) && value >= least;
}
