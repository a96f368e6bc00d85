/** What every measurement is given: how long it may take, and the programs it measures against. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Children, type Running, type Start } from './children.ts';
import type { Cores } from './processor.ts';

export interface Effort {
  /** Of each target, interleaved with the others'. */
  rounds: number;
  /** Of one target in one round. */
  sliceMs: number;
  /** To each target. A server of this size gets faster for tens of thousands of requests before it settles. */
  warmUpRequests: number;
  sockets: number;
  starts: number;
}

export interface GatewayOptions {
  name: string;
  operations?: number;
  /** How many messages of a session go to the model. */
  historyMessages?: number;
  /** Begins with what a gateway of this name, which has ended, has stored. */
  like?: string;
}

export const adminKey = 'bench-bench-bench-bench-bench-bench';

export class Bench {
  readonly effort: Effort;
  readonly children: Children;
  readonly folder: string;
  readonly #profile: string | undefined;
  #upstream: Promise<Running> | undefined;

  constructor(effort: Effort, folder: string, cores: Cores | undefined, profile: string | undefined) {
    this.effort = effort;
    this.folder = folder;
    this.children = new Children(folder, cores);
    this.#profile = profile;
  }

  async end(): Promise<void> {
    await (await this.#upstream)?.stop();
  }

  upstream(): Promise<Running> {
    this.#upstream ??= this.children.start({ name: 'upstream', program: 'upstream.ts', core: 'rest' });
    return this.#upstream;
  }

  async floor(name: 'raw-pass' | 'raw-json' | 'raw-store' | 'raw-forward' | 'express-json'): Promise<Running> {
    const { port } = await this.upstream();
    const given = ['--upstream', `http://127.0.0.1:${port}`, '--home', this.folder];
    return this.children.start({ name, program: `${name}.ts`, arguments: given });
  }

  async gateway({ name, operations, historyMessages, like }: GatewayOptions): Promise<Running> {
    if (like !== undefined) cpSync(join(this.folder, like), join(this.folder, name), { recursive: true });
    const environment = await this.gatewayEnvironment(name, historyMessages);
    const profile = this.#profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(this.#profile, name)}`];
    const start: Start = {
      name,
      program: 'gateway.ts',
      nodeArguments: ['--expose-gc', ...profile],
      environment,
      ...(operations === undefined ? {} : { arguments: ['--operations', String(operations)] }),
    };
    return this.children.start(start);
  }

  /** A home of its own, with a config file, and what else a user would set. */
  async gatewayEnvironment(name: string, historyMessages = 50): Promise<Record<string, string>> {
    const { port } = await this.upstream();
    const home = join(this.folder, name);
    mkdirSync(home, { mode: 0o700, recursive: true });
    const gateway = {
      providers: { openai: { apiKey: 'bench', baseUrl: `http://127.0.0.1:${port}/v1`, models } },
      models: { default: models[0] },
      limits: { requestsPerMinute: 1_000_000_000 },
      sessions: { historyMessages },
    };
    writeFileSync(join(home, 'gateway.json5'), JSON.stringify({ gateway }));
    return { GATEWAY_HOME: home, GATEWAY_PORT: '0', GATEWAY_ADMIN_KEY: adminKey, GATEWAY_LOG_LEVEL: 'info' };
  }
}

/** Plans of the upstream; see `programs/upstream.ts`. */
export const instant = 'd0';
export const stream = { model: 'd0c80i20', fastModel: 'd0c80i1', chunks: 80, intervalMs: 20 };
const models = [instant, stream.model, stream.fastModel];
