/**
 * Environment and file → one frozen, validated configuration. The only room that reads `process.env`; whatever the
 * others need to know of the outside stands in `Config`, with every default in its place.
 *
 * The gateway's own variables (`GATEWAY_…`) go before the file. The vendors' (`OPENAI_…`, `ANTHROPIC_…`) are shared with
 * other programs, so they only fill what the file leaves open. All problems are told at once, and none shows a value.
 */
import { resolve } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readEnvironment } from './environment.ts';
import { ownVariables } from './own-address.ts';
import { readGateway } from './read-gateway.ts';
import { resolveConfig } from './resolve.ts';

export type * from './config.ts';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export { readClientKey, readColor } from './environment.ts';
export { isLoopback } from './loopback.ts';
export { redactConfig, secretsOf } from './redact.ts';

export interface LoadOptions {
  /** The file to read in place of the one that the environment names. */
  file?: string;
  /** What relative paths start from. */
  cwd?: string;
  /** What `~` means. */
  homeDirectory?: string;
  /**
   * True where the gateway starts, or a start is looked at: the vendors' variables may then not lead back to it. A command
   * beside it may well run in the environment of a program that they lead to it.
   */
  start?: boolean;
}

/** Throws a `ConfigError` that names every problem. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, options: LoadOptions = {}): Config {
  const { cwd = process.cwd() } = options;
  const { environment, problems } = readEnvironment(env, cwd, options.homeDirectory);
  const file = options.file === undefined ? environment.file : resolve(cwd, options.file);

  const settings = readGateway(file, env);
  problems.push(...settings.problems);
  if (!settings.found && (options.file !== undefined || environment.fileNamed)) {
    problems.push({
      file,
      reason: 'There is no such file',
      ...(options.file === undefined ? { suggestion: 'GATEWAY_CONFIG names it.' } : {}),
    });
  }
  const config =
    settings.gateway && resolveConfig(settings.gateway, environment, (fault) => problems.push(settings.locate(fault)));
  if (options.start && settings.gateway && config) {
    problems.push(...ownVariables(environment, settings.gateway, config));
  }
  if (config === undefined || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(settings.found ? { ...config, file } : config);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
