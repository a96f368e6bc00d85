/** WebSockets that authenticate and then say nothing but what they must: pongs. Bare sockets, ten thousand in one process. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const together = 50;
const patienceMs = 60_000;

export class IdleSockets {
  readonly #sockets: Socket[] = [];

  async open(port: number, count: number, key: string): Promise<void> {
    let begun = 0;
    const openNext = async (): Promise<void> => {
      while (begun < count) {
        begun += 1;
        this.#sockets.push(await openOne(port, key));
      }
    };
    await Promise.all(Array.from({ length: together }, openNext));
  }

  async close(): Promise<void> {
    const closed = this.#sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy()));
    this.#sockets.length = 0;
    await Promise.all(closed);
  }
}

function openOne(port: number, key: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const fail = () => reject(new Error('a WebSocket was not let in'));
  const timer = setTimeout(fail, patienceMs);
  let state: 'upgrading' | 'authenticating' | 'idle' = 'upgrading';
  socket.on('data', (chunk) => {
    switch (state) {
      case 'upgrading':
        if (!chunk.includes('HTTP/1.1 101')) return fail();
        state = 'authenticating';
        socket.write(frame(0x1, Buffer.from(JSON.stringify({ type: 'auth', token: key }))));
        return;
      case 'authenticating':
        if (!chunk.includes('"auth_ok"')) return fail();
        state = 'idle';
        resolve(socket);
        return;
      case 'idle':
        if (chunk[0] === 0x89) socket.write(frame(0xa, Buffer.alloc(0)));
    }
  });
  socket.on('error', fail).on('close', fail);
  socket.write(
    [
      'GET /api/v1/ws HTTP/1.1',
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      '\r\n',
    ].join('\r\n'),
  );
  return promise.finally(() => clearTimeout(timer));
}

/** Clients mask their frames (RFC 6455, section 5.3); a mask of zeros changes nothing. */
function frame(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.alloc(4);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, payload]);
}
