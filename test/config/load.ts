import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, ConfigError, loadConfig } from '../../src/config/index.ts';

/** Loads `text` as the config file of a data folder that exists only meanwhile. The file is on it as `gateway.json5`. */
export function load(
  text: string | Buffer | undefined,
  env: NodeJS.ProcessEnv = {},
  options: { start?: boolean } = {},
): Config {
  const home = mkdtempSync(join(tmpdir(), 'gateway-config-'));
  try {
    if (text !== undefined) writeFileSync(join(home, 'gateway.json5'), text);
    return loadConfig({ GATEWAY_HOME: home, ...env }, options);
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** What an operator reads, with the data folder left out of the paths. */
export function refusal(
  text: string | Buffer | undefined,
  env: NodeJS.ProcessEnv = {},
  options: { start?: boolean } = {},
): string {
  try {
    load(text, env, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(/\S*gateway-config-\w+\//g, '');
    throw error;
  }
  return 'accepted';
}
