/**
 * Node's own HTTP, asked for by name: importing it evaluates all that it exports, and with its WebSocket comes the
 * platform's whole `fetch`, which takes 35 ms of every start and is not used.
 */
export const { createServer, IncomingMessage, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http');
