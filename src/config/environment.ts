import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { addressFault } from './address.ts';
import type { LogLevel } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { logLevels } from './defaults.ts';
import { suggest } from './suggest.ts';

/** What the environment says, checked. An empty variable is as good as none. */
export interface Environment {
  home: string;
  /** Where the gateway was started. */
  cwd: string;
  /** The config file to read; `fileNamed` is true when it was asked for, so that it has to exist. */
  file: string;
  fileNamed: boolean;
  host?: string;
  port?: number;
  adminKey?: string;
  openai: Vendor;
  anthropic: Vendor;
  logLevel?: LogLevel;
  color: boolean;
}

export interface Vendor {
  apiKey?: string;
  baseUrl?: string;
}

type Check = (value: string) => Pick<ConfigProblem, 'reason' | 'suggestion'> | undefined;

export function readEnvironment(
  env: NodeJS.ProcessEnv,
  cwd: string,
  homeDirectory: string = homedir(),
): { environment: Environment; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const read = (variable: string, check?: Check): string | undefined => {
    const value = env[variable];
    if (value === undefined || value === '') return undefined;
    const problem = check?.(value);
    if (problem) problems.push({ variable, ...problem });
    return problem ? undefined : value;
  };
  const path = (value: string) =>
    resolve(
      cwd,
      value.replace(/^~(?=$|[/\\])/, () => homeDirectory),
    );

  const home = path(read('GATEWAY_HOME') ?? '~/.openclaw-gateway');
  const named = read('GATEWAY_CONFIG');
  const port = read('GATEWAY_PORT', checkPort);
  const level = read('GATEWAY_LOG_LEVEL', checkLogLevel);
  const environment: Environment = {
    home,
    cwd,
    file: named === undefined ? join(home, 'gateway.json5') : path(named),
    fileNamed: named !== undefined,
    ...optional('host', read('GATEWAY_HOST', checkHost)),
    ...optional('port', port === undefined ? undefined : Number(port)),
    ...optional('adminKey', read('GATEWAY_ADMIN_KEY', checkAdminKey)),
    openai: vendor(read('OPENAI_API_KEY', checkApiKey), read('OPENAI_BASE_URL', addressFault)),
    anthropic: vendor(read('ANTHROPIC_API_KEY', checkApiKey), withVersion(read('ANTHROPIC_BASE_URL', addressFault))),
    ...optional(
      'logLevel',
      logLevels.find((known) => known === level),
    ),
    color: readColor(env),
  };
  return { environment, problems };
}

/** What a client of a running gateway needs besides its address. */
export function readClientKey(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.GATEWAY_KEY || env.GATEWAY_ADMIN_KEY || undefined;
}

/** https://no-color.org: any value that is not empty means none. */
export function readColor(env: NodeJS.ProcessEnv = process.env): boolean {
  return !env.NO_COLOR;
}

/** The vendor's own SDK reads this variable too, and adds `/v1` to it: an address without a path is meant that way. */
function withVersion(address: string | undefined): string | undefined {
  return address !== undefined && URL.parse(address)?.pathname === '/' ? new URL('/v1', address).href : address;
}

function vendor(apiKey: string | undefined, baseUrl: string | undefined): Vendor {
  return { ...optional('apiKey', apiKey), ...optional('baseUrl', baseUrl) };
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  const result: { [N in Name]?: Value } = {};
  if (value !== undefined) result[name] = value;
  return result;
}

const checkPort: Check = (value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65535
    ? undefined
    : { reason: 'must be a port number from 0 to 65535', suggestion: '0 takes any free port.' };

export const checkHost: Check = (value) =>
  /^[A-Za-z0-9._-]+$|^\[?[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?\]?$/.test(value)
    ? undefined
    : {
        reason: 'must be a host name or an IP address',
        suggestion: 'Scheme and port do not belong to it; the port is GATEWAY_PORT.',
      };

const checkAdminKey: Check = (value) =>
  /^[!-~][ -~]{22,254}[!-~]$/.test(value)
    ? undefined
    : {
        reason: `must be 24 to 256 printable ASCII characters and neither begin nor end with a space; it has ${value.length} characters`,
        suggestion: 'Make one with `openssl rand -base64 32`.',
      };

const checkApiKey: Check = (value) =>
  /^[!-~]{1,4096}$/.test(value)
    ? undefined
    : {
        reason: 'must be printable ASCII characters without spaces',
        suggestion: 'Look for a line break or a quotation mark that was copied along.',
      };

const checkLogLevel: Check = (value) => {
  if (logLevels.some((known) => known === value)) return undefined;
  const meant = suggest(value, logLevels);
  return {
    reason: `must be one of ${logLevels.join(', ')}`,
    ...(meant === undefined ? {} : { suggestion: `Did you mean \`${meant}\`?` }),
  };
};
