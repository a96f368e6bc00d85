/** A client of Server-Sent Events that reads by the letter of the standard and hands head and events to the observers. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createParser } from 'eventsource-parser';
import { isDate } from './contract.ts';
import { observeAnswer } from './observe-answer.ts';
import { observeEnd, observeEvent, type StreamEvent } from './observe-event.ts';
import { adminKey, type RequestOptions, type TestGateway } from './start-gateway.ts';

export interface OpenStream {
  readonly response: IncomingMessage;
  readonly events: StreamEvent[];
  readonly comments: string[];
  /** The text of all pieces so far. */
  text(): string;
  /** Waits for the next event that was not taken yet; undefined when the stream has ended. */
  next(): Promise<StreamEvent | undefined>;
  /** Waits for the end, which has to be a terminal event, and gives all events. */
  all(): Promise<StreamEvent[]>;
  /** Goes away in the middle. */
  leave(): void;
}

/** Asks for a stream; the head has come when this is fulfilled. Fails when the answer is no stream. */
export async function openStream(
  gateway: Pick<TestGateway, 'url'>,
  path: string,
  options: RequestOptions,
): Promise<OpenStream> {
  const asked = ask(gateway.url, path, options);
  const [response]: IncomingMessage[] = await once(asked, 'response');
  assert.ok(response);
  const target = { method: 'POST', target: path, status: response.statusCode ?? 0, headers: response.headers };
  if (response.headers['content-type'] !== 'text/event-stream') {
    response.setEncoding('utf8');
    const text = (await response.toArray()).join('');
    observeAnswer({ ...target, text });
    assert.fail(`${target.status} instead of a stream: ${text}`);
  }
  observeAnswer({ ...target, text: '' });
  assert.equal(response.headers['cache-control'], 'no-cache, no-transform');
  assert.equal(response.headers['x-accel-buffering'], 'no');
  return read(asked, response);
}

function ask(url: string, path: string, { key = adminKey, headers = {}, body }: RequestOptions): ClientRequest {
  const asked = request(`${url}${path}`, {
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': 'application/json',
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
  asked.end(typeof body === 'string' ? body : JSON.stringify(body));
  return asked;
}

function read(asked: ClientRequest, response: IncomingMessage): OpenStream {
  const date = response.headers['x-api-version'];
  assert.ok(isDate(date));
  const events: StreamEvent[] = [];
  const comments: string[] = [];
  let taken = 0;
  let end: { error?: unknown } | undefined;
  let news = Promise.withResolvers<void>();
  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const finish = (error?: unknown) => {
    end ??= error === undefined ? {} : { error };
    tell();
  };
  const parser = createParser({
    onEvent({ event: name, id, data }) {
      const event = { name, id, data: JSON.parse(data) };
      observeEvent(date, event, events);
      events.push(event);
      tell();
    },
    onComment: (comment) => comments.push(comment),
  });
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    try {
      parser.feed(text);
    } catch (error) {
      finish(error);
    }
  });
  response.on('end', () => finish());
  response.on('error', finish);

  async function next(): Promise<StreamEvent | undefined> {
    while (taken === events.length && !end) await news.promise;
    if (taken < events.length) return events[taken++];
    if (end?.error !== undefined) throw end.error;
    return undefined;
  }

  return {
    response,
    events,
    comments,
    text: () => events.map(({ data }) => pieceOf(data)).join(''),
    next,
    async all() {
      while (await next());
      observeEnd(events);
      return events;
    },
    leave: () => asked.destroy(),
  };
}

function pieceOf({ type, content, text }: StreamEvent['data']): string {
  return String(type === 'chunk' ? content : type === 'message.delta' ? text : '');
}
