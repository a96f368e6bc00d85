/**
 * A whole gateway on a free port, made as `server.ts` makes it, with strict conformance and with clients that hand every
 * answer to the observer. What a test does not name is real: SQLite in a folder of its own, the clock, the dice.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import supertest from 'supertest';
import { loadConfig } from '../../src/config/index.ts';
import { type NewKey, operator } from '../../src/core/keys.ts';
import { createServer, type GatewayServer, type Parts } from '../../src/server.ts';
import { observeAnswer } from './observe-answer.ts';
import { createRecordingLog, type LogLine } from './recording-log.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

export interface TestGateway {
  readonly server: GatewayServer;
  readonly url: string;
  readonly port: number;
  /** Its data folder. */
  readonly home: string;
  readonly adminKey: string;
  readonly logged: LogLine[];
  /** A request by supertest. Without `key` it is the administrator's; null sends none. */
  request(method: Verb, path: string, options?: RequestOptions): supertest.Test;
  /** Makes a key of the user `ann` with every scope but `admin`, unless told otherwise. */
  makeKey(wanted?: Partial<NewKey>): Promise<string>;
  /** Fails when anything went out that the contract does not have. */
  close(): Promise<void>;
}

export type Verb = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface RequestOptions {
  key?: string | null | undefined;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

export interface GatewayOptions {
  /** The `gateway` of the config file. */
  settings?: { models?: object; [name: string]: unknown };
  environment?: Record<string, string>;
  parts?: Partial<Parts>;
  /** A data folder to start on; it is then left where it is. */
  home?: string;
}

export const adminKey = 'the-admin-key-of-all-tests';

export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const folder = options.home === undefined ? makeTemporaryDirectory() : { path: options.home, remove() {} };
  writeFileSync(join(folder.path, 'gateway.json5'), JSON.stringify({ gateway: settingsOf(options.settings) }));
  const config = loadConfig({
    GATEWAY_HOME: folder.path,
    GATEWAY_PORT: '0',
    GATEWAY_ADMIN_KEY: adminKey,
    ...options.environment,
  });
  const log = createRecordingLog();
  const server = await createServer(config, { log: { ...log, flush() {} }, ...options.parts });
  const { address } = await server.listen();
  return {
    server,
    url: address,
    port: Number(new URL(address).port),
    home: folder.path,
    adminKey,
    logged: log.lines,
    request: (method, path, given) => requestTo(address, method, path, given),
    async makeKey(wanted = {}) {
      const scopes: NewKey['scopes'] = ['chat', 'sessions', 'channels', 'webhooks', 'status', 'usage', 'keys'];
      const { secret } = await server.gateway.keys.create(operator, { name: 'test', user: 'ann', scopes, ...wanted });
      return secret;
    },
    async close() {
      await server.close();
      folder.remove();
      const violations = log.lines.filter(({ message }) => message.includes('does not keep to the contract'));
      assert.deepEqual(violations, []);
    },
  };
}

/** Limits and retries out of the way: those who test them set their own. */
function settingsOf({ models, ...settings }: { models?: object } = {}): object {
  const limits = { requestsPerMinute: 1_000_000_000, authFailuresPerMinute: 1_000_000_000 };
  const retries = { attempts: 1 };
  return { limits, conformance: 'strict', shutdown: { graceMs: 1000 }, models: { retries, ...models }, ...settings };
}

const verbs = {
  GET: 'get',
  HEAD: 'head',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
  OPTIONS: 'options',
} as const;

/** The same for a gateway that was started in another way. */
export function requestTo(url: string, method: Verb, path: string, options: RequestOptions = {}): supertest.Test {
  const { key = adminKey, headers = {}, body } = options;
  const test = supertest(url)[verbs[method]](path);
  if (key !== null) test.set('Authorization', `Bearer ${key}`);
  test.set(headers);
  if (body !== undefined) test.set('Content-Type', headers['Content-Type'] ?? 'application/json').send(toText(body));
  return test.expect((response) =>
    observeAnswer({
      method,
      target: path,
      status: response.status,
      headers: response.headers,
      text: response.text ?? '',
    }),
  );
}

function toText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
