/** Looks at everything that a start needs, changes nothing, and says of each fault what to do. */
import { ConfigError, loadConfig } from '../config/index.ts';
import { setTelegramWebhookOf } from '../server.ts';
import { checkChannels } from './checks/channels.ts';
import { checkConfigFile } from './checks/config-file.ts';
import type { Finding } from './checks/finding.ts';
import { checkFolder } from './checks/folder.ts';
import { checkNode } from './checks/node.ts';
import { checkPort } from './checks/port.ts';
import { checkPrices } from './checks/prices.ts';
import { checkProviders } from './checks/providers.ts';
import { checkStore } from './checks/store.ts';
import { Failure } from './failure.ts';
import { note, print, printJson, style } from './terminal.ts';

export async function runDoctor({ json, setTelegramWebhook }: DoctorOptions): Promise<void> {
  if (setTelegramWebhook !== undefined) await tellTelegram(setTelegramWebhook);
  const findings = await examine();
  const broken = findings.some(({ state }) => state === 'broken');
  if (json) printJson({ healthy: !broken, findings });
  else print(findings.map(toLine).join('\n'));
  if (broken) process.exitCode = 1;
}

export interface DoctorOptions {
  json?: boolean;
  setTelegramWebhook?: string;
}

async function tellTelegram(address: string): Promise<void> {
  const url = URL.parse('/webhook/telegram', address);
  if (url?.protocol !== 'https:') {
    throw new Failure(`${address} is no address that Telegram can push to. Write it like https://gateway.example.com.`);
  }
  await setTelegramWebhookOf(loadConfig(), url);
  note(`Telegram pushes to ${url.href}.`);
}

async function examine(): Promise<Finding[]> {
  let config: ReturnType<typeof loadConfig>;
  try {
    config = loadConfig(undefined, { start: true });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.message
      .split('\n')
      .map((line): Finding => ({ what: 'configuration', state: 'broken', found: line }));
    return [checkNode(process.versions.node), ...problems];
  }
  const folder = checkFolder(config.home);
  const [store, port, providers, prices] = await Promise.all([
    checkStore(config, folder),
    checkPort(config),
    checkProviders(config),
    checkPrices(config, folder),
  ]);
  return [
    checkNode(process.versions.node),
    ...checkConfigFile(config),
    folder,
    ...store,
    port,
    ...providers,
    ...prices,
    ...checkChannels(config),
  ];
}

const marks = { ok: ['green', '✓'], attention: ['yellow', '!'], broken: ['red', '✗'] } as const;

function toLine({ what, state, found, fix }: Finding): string {
  const [color, mark] = marks[state];
  return `${style(color, mark)} ${what.padEnd(14)} ${found}${fix === undefined ? '' : `\n  ${' '.repeat(14)} ${fix}`}`;
}
