/** What the fake chat platforms share: an HTTP server that keeps what it was sent, and answers as the platform would or as a test says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Of a JSON body or a form. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: string | object;
}

/** The connection is cut, or left without an answer. */
export type FakeSilence = 'cut' | 'silent';

export interface FakePlatform {
  readonly url: string;
  readonly requests: Received[];
  /** What is answered to the next requests, in place of what the platform would. */
  next(...answers: (FakeAnswer | FakeSilence)[]): void;
  close(): Promise<void>;
}

export async function startFakePlatform(
  answer: (received: Received) => FakeAnswer | Promise<FakeAnswer>,
): Promise<FakePlatform> {
  const requests: Received[] = [];
  const scripted: (FakeAnswer | FakeSilence)[] = [];
  const server = createServer((request, response) => {
    void readWhole(request).then(async (body) => {
      const received = toReceived(request, body);
      requests.push(received);
      const next = scripted.shift() ?? (await answer(received));
      if (next === 'cut') request.socket.destroy();
      else if (next !== 'silent') write(response, next);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    requests,
    next: (...answers) => void scripted.push(...answers),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readWhole(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk;
  return body;
}

function toReceived(request: IncomingMessage, body: string): Received {
  const { method = '', url = '', headers } = request;
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const fields = isForm ? Object.fromEntries(new URLSearchParams(body)) : body === '' ? {} : JSON.parse(body);
  return { method, path: url, headers, body, fields };
}

function write(response: ServerResponse, { status, headers = {}, body = '' }: FakeAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
