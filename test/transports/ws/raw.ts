/** What `ws` would not send: for peers that a test writes byte by byte. */
export const upgradeRequest = [
  'GET /ws HTTP/1.1',
  'Host: x',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n');

/** One frame of a client, masked with zeros. */
export function maskedFrame(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), payload]);
}

export function textFrame(frame: object): Buffer {
  return maskedFrame(0x81, Buffer.from(JSON.stringify(frame)));
}
