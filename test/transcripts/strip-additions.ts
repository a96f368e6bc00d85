/**
 * Takes from what came whatever its transcript does not have and the contract marks as added (`x-added`). What stands in
 * the transcript has to come, also where it carries a mark; a member that is new without one stays, and is a difference.
 */
import { answerShape, isAdded, itemsOf, membersOf, messageShape, type Shape } from './additions.ts';
import type { Received } from './exchange.ts';

export function stripAnswer(received: Received, expected: Received, request: string): Received {
  const type = received.headers.find(([name]) => name === 'Content-Type')?.[1].split(';')[0] ?? '';
  const { headers, body } = answerShape(request, received.status, type);
  return {
    status: received.status,
    headers: received.headers.filter(
      ([name]) => expected.headers.some(([other]) => other === name) || !isAdded(headers?.[name]),
    ),
    text:
      type === 'text/event-stream'
        ? stripEvents(received.text, expected.text)
        : strip(received.text, expected.text, () => body),
  };
}

export function stripFrame(frame: string, expected: string): string {
  return strip(frame, expected, (type) => messageShape('server', type));
}

/** Event by event: a stream gains members and no events. */
function stripEvents(text: string, expected: string): string {
  const wanted = expected.split('\n').map(dataOf);
  return text
    .split('\n')
    .map((line, index) => {
      const [data, other] = [dataOf(line), wanted[index]];
      if (data === undefined || other === undefined) return line;
      return `data: ${strip(data, other, (type) => messageShape('event', type))}`;
    })
    .join('\n');
}

function dataOf(line: string): string | undefined {
  return /^data: (.*)$/.exec(line)?.[1];
}

/** What nothing had to be taken from stays as it came, byte for byte. */
function strip(text: string, expected: string, shapeOf: (type: unknown) => Shape): string {
  const [value, wanted] = [parse(text), parse(expected)];
  if (!isObject(value) || !isObject(wanted)) return text;
  return remove(value, wanted, [shapeOf(value.type)]) ? JSON.stringify(value) : text;
}

/** True when there was something to remove. */
function remove(value: unknown, wanted: unknown, shapes: readonly Shape[]): boolean {
  if (Array.isArray(value) && Array.isArray(wanted)) {
    const items = shapes.flatMap(itemsOf);
    return value.map((item, index) => remove(item, wanted[index], items)).includes(true);
  }
  if (!isObject(value) || !isObject(wanted)) return false;
  return Object.entries(value)
    .map(([name, below]) => {
      const members = shapes.flatMap((shape) => membersOf(shape, name));
      if (Object.hasOwn(wanted, name)) return remove(below, wanted[name], members);
      return members.some(({ schema }) => isAdded(schema)) && Reflect.deleteProperty(value, name);
    })
    .includes(true);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
