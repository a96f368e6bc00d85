import { type IncomingMessage, request } from 'node:http';

/** What a client got: the lines that a transcript has for it, as they were. */
export interface Received {
  status: number;
  headers: [name: string, value: string][];
  text: string;
}

/** How bytes travel, and when: neither the contract's nor the gateway's to promise. */
const travel = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'sec-websocket-accept',
  'transfer-encoding',
  'upgrade',
]);

/** Sends a request as it was typed: its line, its headers, an empty line, its body. */
export function sendRequest(port: number, lines: readonly string[]): Promise<Received> {
  const { method, path, headers, body } = readRequest(lines);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ host: '127.0.0.1', port, method, path, headers, agent: false }, resolve).on('error', reject).end(body);
  return promise.then(receive);
}

export async function receive(response: IncomingMessage): Promise<Received> {
  response.setEncoding('utf8');
  const text = (await response.toArray()).join('');
  return { status: response.statusCode ?? 0, headers: headersOf(response), text };
}

export function headersOf({ rawHeaders }: IncomingMessage): Received['headers'] {
  const headers: Received['headers'] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    // A name of the gateway's own making, another for each request.
    const isDrawn = name === 'X-Request-Id' && value.startsWith('req_');
    if (!travel.has(name.toLowerCase()) && !isDrawn) headers.push([name, value]);
  }
  return headers;
}

export function readRequest(lines: readonly string[]) {
  const [line = '', ...rest] = lines;
  const end = rest.includes('') ? rest.indexOf('') : rest.length;
  const [method = '', path = ''] = line.split(' ');
  const headers = Object.fromEntries(
    rest.slice(0, end).map((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 2)]),
  );
  return { method, path, headers, body: rest.slice(end + 1).join('\n') };
}
