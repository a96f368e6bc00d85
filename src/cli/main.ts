/**
 * The commands. Each is one file that is loaded when it is asked for; here stand their names, their options and the
 * three exit codes: 0 for done, 1 for failed, 2 for not understood.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { describeFailure } from './failure.ts';
import { endWithReader, note } from './terminal.ts';

const program = new Command('gateway')
  .description('One contract over REST, SSE and WebSocket between programs, chat platforms and language models.')
  .version(readVersion(), '-V, --version', 'Print the version.')
  .helpOption('-h, --help', 'Print help.')
  .helpCommand('help [command]', 'Print help for a command.')
  .showHelpAfterError('`npm run gateway -- --help` shows what there is.')
  .configureHelp({ showGlobalOptions: false })
  .exitOverride()
  // So that a command may have a `--version` of its own.
  .enablePositionalOptions()
  .addHelpText(
    'after',
    examples(
      ['gateway serve', 'start the gateway'],
      ['gateway keys create --name shop', 'make a key'],
      ['gateway chat "hello"', 'talk to the gateway that runs'],
      ['gateway doctor', 'find out what is wrong'],
    ),
  );

const json = ['--json', 'Print JSON.'] as const;
const url = ['--url <url>', 'The gateway, when it is not the one that the configuration describes.'] as const;
const key = [
  '--key <key>',
  'The key; better kept in GATEWAY_KEY or GATEWAY_ADMIN_KEY, where no other user sees it.',
] as const;

program
  .command('serve')
  .description('Start the gateway.')
  .option('--json', 'Print one line of JSON when it listens.')
  .addHelpText(
    'after',
    examples(
      ['gateway serve', 'on 127.0.0.1:18790'],
      ['GATEWAY_PORT=0 gateway serve --json', 'on any free port, for programs'],
    ),
  )
  .action(async (options) => (await import('./serve.ts')).serve(options));

const keys = program
  .command('keys')
  .description('Make, list, rotate and revoke keys, beside a running gateway or without.');

keys
  .command('create')
  .description('Make a key and print it; it is shown this once.')
  .option('--name <name>', 'What it is for.', 'made at the command line')
  .option('--user <user>', 'Whose sessions it uses.', 'admin')
  .option('--scopes <list>', 'What it may do, with commas between.', toList, ['admin'])
  .option('--models <list>', 'The models it may use, with commas between. Without it: all.', toList)
  .option('--requests-per-minute <number>', 'Its own limit.', toNumber(1, 1_000_000_000))
  .option('--tokens-per-minute <number>', 'Its own limit on tokens.', toNumber(1, 1_000_000_000_000))
  .option('--concurrent-runs <number>', 'How many runs it may have under way at once.', toNumber(1, 1_000_000))
  .option('--budget <dollars/period>', 'What it may spend, such as 2.50/day or 25/month.')
  .option('--expires <date>', 'Until when it is good: a date, or a time from now such as 12h or 30d.')
  .option('--api-version <date>', 'The version of the API that its requests get where they name none.')
  .option(...json)
  .addHelpText(
    'after',
    examples(
      ['gateway keys create', 'a key with every scope'],
      ['gateway keys create --name shop --user shop --scopes chat,sessions --expires 90d', 'a key for a program'],
    ),
  )
  .action(async (options) => (await import('./keys.ts')).createKey(options));

keys
  .command('list')
  .description('List the keys, without the keys themselves.')
  .option(...json)
  .action(async (options) => (await import('./keys.ts')).listKeys(options));

keys
  .command('revoke <id>')
  .description('End a key at once, with the connections that use it.')
  .option(...json)
  .action(async (id, options) => (await import('./keys.ts')).revokeKey(id, options));

keys
  .command('rotate <id>')
  .description('Give a key a new secret and print it; it is shown this once. Its id, limits and sessions stay.')
  .option('--grace-seconds <number>', 'How long the secret before it stays good.', toNumber(0, 2_592_000), 0)
  .option(...json)
  .addHelpText('after', examples(['gateway keys rotate key_01k… --grace-seconds 3600', 'with an hour to change over']))
  .action(async (id, options) => (await import('./keys.ts')).rotateKey(id, options));

program
  .command('config')
  .description('Work with the configuration.')
  .command('validate [file]')
  .description('Check the environment and the config file, or another file in its place.')
  .option('--print', 'Print what holds, with defaults and without secrets.')
  .option(...json)
  .addHelpText(
    'after',
    examples(['gateway config validate ./gateway.json5 --print', 'check a file and see what it means']),
  )
  .action(async (file, options) => (await import('./config-validate.ts')).validateConfig(file, options));

const versions = program
  .command('versions')
  .description('See who uses which version of the contract, and whom a change would break.');

versions
  .command('usage')
  .description('List which key used which version, operation and deprecated member, and when last.')
  .option('--version <date>', 'Only this version.')
  .option('--key <key>', 'Only this key: its id, its name or its prefix.')
  .option(...json)
  .addHelpText(
    'after',
    examples(
      ['gateway versions usage --version 2026-03-01', 'who still uses the older version'],
      ['gateway versions usage --key shop', 'what one key uses'],
    ),
  )
  .action(async (options) => (await import('./versions-usage.ts')).showUsage(options));

versions
  .command('diff <old> <new>')
  .description('Say what breaks from one OpenAPI or AsyncAPI document (JSON) to another, and for which keys.')
  .option(...json)
  .addHelpText(
    'after',
    examples(['gateway versions diff old.json generated/specs/openapi.2026-03-01.json', 'fails when something breaks']),
  )
  .action(async (old, revised, options) => (await import('./versions-diff.ts')).showDiff(old, revised, options));

program
  .command('usage')
  .description('Show what was used and what it cost, beside a running gateway or without.')
  .option('--from <day>', 'Only this day, in UTC, and later ones.')
  .option('--to <day>', 'Only this day, in UTC, and earlier ones.')
  .option('--user <user>', 'Only this user.')
  .option('--key <id>', 'Only this key.')
  .option('--model <model>', 'Only this model.')
  .option('--by <list>', 'What to tell apart, with commas between: day, user, key, model, provider.', toList, [
    'day',
    'user',
    'model',
  ])
  .option('--csv', 'Print CSV.')
  .option(...json)
  .addHelpText(
    'after',
    examples(
      ['gateway usage --from 2026-11-01 --by user', 'what each user cost since then'],
      ['gateway usage --by day,key,model --csv', 'a table for a spreadsheet'],
    ),
  )
  .action(async (options) => (await import('./usage.ts')).showUsage(options));

const channels = program.command('channels').description('Say who may talk to the channels.');

channels
  .command('list <channel>')
  .alias('senders')
  .description('List who wrote to a channel, and who may.')
  .option(...json)
  .action(async (channel, options) => (await import('./channels.ts')).listSenders(channel, options));

channels
  .command('approve <channel> <sender>')
  .description('Let a person or a group talk to a channel.')
  .option(...json)
  .addHelpText('after', examples(['gateway channels approve telegram 1234567', 'somebody who has asked']))
  .action(async (channel, sender, options) => (await import('./channels.ts')).approveSender(channel, sender, options));

const webhooks = program.command('webhooks').description('See what chat platforms pushed and what became of it.');

webhooks
  .command('list')
  .description('List events, newest first.')
  .option('--channel <name>', 'Only this channel.')
  .option('--state <state>', 'Only this state, such as parked.')
  .option('--limit <number>', 'How many at most.', toNumber(1, 1000), 20)
  .option(...json)
  .action(async (options) => (await import('./webhooks.ts')).listEvents(options));

webhooks
  .command('show <id>')
  .description('Show an event and what was sent in answer.')
  .option(...json)
  .action(async (id, options) => (await import('./webhooks.ts')).showEvent(id, options));

webhooks
  .command('replay <id>')
  .description('Work once more on an event that was parked, or send again what could not be sent.')
  .option(...json)
  .action(async (id, options) => (await import('./webhooks.ts')).replayEvent(id, options));

program
  .command('trigger <channel> <kind>')
  .description('Push a message to the running gateway as a platform would, rightly signed. The kind is `message`.')
  .requiredOption('--text <text>', 'What is written.')
  .option('--conversation <id>', 'Where; the sender alone when absent.')
  .option('--sender <id>', 'Who writes.', '1001')
  .option('--name <name>', 'The name of who writes.')
  .option('--id <digits>', 'Names the event: the same one twice is a duplicate.')
  .option('--private-key <file>', 'For discord: a file with the seed of the configured public key, in hex.')
  .option(...url)
  .option(...json)
  .addHelpText('after', examples(['gateway trigger telegram message --text "hello"', 'a message of user 1001']))
  .action(async (channel, kind, options) => {
    if (kind !== 'message') throw new InvalidArgumentError('What can be triggered is `message`.');
    await (await import('./trigger.ts')).trigger(channel, options);
  });

program
  .command('doctor')
  .description('Look for what is wrong, and say what to do. Fails when something is broken.')
  .option('--set-telegram-webhook <url>', 'Tell Telegram to push to this public address of the gateway first.')
  .option(...json)
  .action(async (options) => (await import('./doctor.ts')).runDoctor(options));

program
  .command('status')
  .description('Ask the running gateway how it is.')
  .option(...url)
  .option(...key)
  .option(...json)
  .addHelpText('after', examples(['GATEWAY_KEY=… gateway status', 'the gateway of this machine']))
  .action(async (options) => (await import('./status.ts')).showStatus(options));

program
  .command('chat [message...]')
  .description('Talk to the running gateway. Without a message it reads one after another.')
  .option('--session <id>', 'The session to go on with, or to begin under this id.')
  .option('--model <model>', 'The model to ask.')
  .option(...url)
  .option(...key)
  .addHelpText(
    'after',
    examples(
      ['gateway chat "Write a poem" --model gpt-4o', 'one answer'],
      ['gateway chat --session notes', 'a conversation; Ctrl-C leaves it'],
      ['cat letter.txt | gateway chat', 'a message from elsewhere'],
    ),
  )
  .action(async (words, options) => (await import('./chat.ts')).chat(words.join(' '), options));

endWithReader();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    note(describeFailure(error));
    process.exitCode = 1;
  }
}

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

function examples(...lines: [command: string, meaning: string][]): string {
  const line = ([command, meaning]: [string, string]) =>
    `  $ ${command.replace('gateway', 'npm run gateway --')}\n      ${meaning}`;
  return `\nExamples:\n${lines.map(line).join('\n')}`;
}

function toList(text: string): string[] {
  const list = text.split(',').map((item) => item.trim());
  if (list.includes('')) throw new InvalidArgumentError('Write names with commas between.');
  return list;
}

function toNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
