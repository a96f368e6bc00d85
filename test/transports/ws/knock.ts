import { type IncomingHttpHeaders, request } from 'node:http';
import type { Rig } from './rig.ts';

export interface Knocked {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Asks for a WebSocket with exactly these headers, and closes it at once when it is given. */
export function knock(
  rig: Rig,
  path: string,
  headers: Record<string, string | string[]> = {},
  method = 'GET',
): Promise<Knocked> {
  return new Promise((resolve, reject) => {
    const usual = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const asked = request({ host: '127.0.0.1', port: rig.port, path, method, headers: { ...usual, ...headers } });
    asked.on('error', reject);
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    asked.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.end();
  });
}
