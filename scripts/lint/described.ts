/**
 * The documents are what people learn the gateway from: each operation and message is told in words, and shown by an
 * example wherever JSON goes in or a success comes out. The examples are also what the contract tests send.
 */
import type { Answer, MediaType, Message, Operation, RequestBody } from '../generate/documents.ts';
import { type Context, type Rule, reporter } from './rule.ts';

interface WithExample extends MediaType {
  example?: unknown;
  examples?: unknown;
}

interface Described {
  description?: string;
}

export const described: Rule = () => ({
  Operation(operation: Operation & Described, context) {
    const report = reporter(context);
    if (!operation.description) report('An operation has to have a description.');
    if ('action' in operation) return;
    const body = lookThrough<RequestBody>(operation.requestBody, context);
    for (const type of typesWithoutExample(body?.content)) report(`The ${type} body has no example.`, 'requestBody');
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      if (!status.startsWith('2')) continue;
      for (const type of typesWithoutExample(lookThrough<Answer>(answer, context)?.content)) {
        report(`The ${type} answer ${status} has no example.`, 'responses', status);
      }
    }
  },
  Message(message: Message & Described & { examples?: unknown[] }, context) {
    const report = reporter(context);
    if (!message.description) report('A message has to have a description.');
    if (!message.examples?.length) report('A message has to have examples.');
  },
});

function typesWithoutExample(content: Record<string, WithExample> = {}): string[] {
  const bare = Object.entries(content).filter(([, media]) => media.example === undefined && !media.examples);
  return bare.map(([type]) => type).filter((type) => /\bjson\b/.test(type));
}

function lookThrough<Value extends { $ref?: string }>(
  value: Value | undefined,
  { resolve }: Context,
): Value | undefined {
  if (!value?.$ref) return value;
  return Object(resolve({ $ref: value.$ref }).node);
}
