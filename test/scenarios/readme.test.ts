/** The README is true: every block of it is run or checked, every table and link too. What nobody here can run fails. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiVersions } from '../../generated/operations.ts';
import manifest from '../../package.json' with { type: 'json' };
import { loadConfig } from '../../src/config/index.ts';
import { ProviderError, type ProviderFault } from '../../src/core/errors.ts';
import { mayRetry, otherMayDo } from '../../src/core/routing/fault.ts';
import { createTarget } from '../../src/core/routing/target.ts';
import { clientMatrix } from '../support/client-matrix.ts';
import { observeStream } from '../support/observe-event.ts';
import { runCurl, splitWords } from '../support/run-curl.ts';
import { runNode } from '../support/run-node.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { requestTo } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
// What they find is the table of clients. Loaded here, they run before it is looked at, whatever else runs.
import './clients/ai-package.test.ts';
import './clients/anthropic-package.test.ts';
import './clients/openai-package.test.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const written = 'http://127.0.0.1:18790';

const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const prose = readme.replaceAll(/^```.*?^```$/gms, '');
const tables = [...prose.matchAll(/^\|.*\|\n\|[-| :]+\|\n(?:\|.*\|\n)+/gm)].map(([table]) =>
  table
    .trim()
    .split('\n')
    .filter((_, line) => line !== 1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
);

describe('the README', function () {
  this.timeout(60_000);
  const folder = makeTemporaryDirectory();
  let gateway: SpawnedGateway;
  const environment: Record<string, string> = {};

  before(async () => {
    // Nothing is sent to the platform itself: the discard port answers nobody.
    const telegram = { botToken: '1:a', webhookSecret: 'secret', apiRoot: 'http://127.0.0.1:9' };
    const settings = { limits: { requestsPerMinute: 100_000 }, channels: { telegram } };
    writeFileSync(join(folder.path, 'gateway.json5'), JSON.stringify({ gateway: settings }));
    gateway = await spawnGateway(folder.path);
    Object.assign(environment, {
      GATEWAY_HOME: folder.path,
      GATEWAY_PORT: String(gateway.port),
      GATEWAY_ADMIN_KEY: gateway.key ?? assert.fail('no key was made'),
    });
  });
  after(async () => {
    await gateway.kill();
    folder.remove();
  });

  const here = (text: string) => text.replaceAll('127.0.0.1:18790', `127.0.0.1:${gateway.port}`);

  const runners: Record<string, (text: string) => Promise<void> | void> = {
    async sh(text) {
      await Promise.all(commandsIn(text).map(runCommand));
    },
    async js(text) {
      const program = ['--input-type=module', '-e', here(text)];
      const { code, output, complaints } = await runNode(program, { environment: { ...environment, ...exported() } });
      assert.equal(code, 0, complaints);
      const [, said] = /console\.log\(.*\); \/\/ (.*)$/m.exec(text) ?? [];
      if (said === undefined) assert.match(output, /auth_ok.*done/s);
      else assert.equal(output.trim(), said);
    },
    json5(text) {
      const own = makeTemporaryDirectory();
      writeFileSync(join(own.path, 'gateway.json5'), text);
      const secrets = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, secretFor(name)]);
      const { providers, channels } = loadConfig({ GATEWAY_HOME: own.path, ...Object.fromEntries(secrets) });
      own.remove();
      const parts = [...providers, ...Object.values(channels)];
      const named = [...text.matchAll(/^ {4}(\w+): +\{ /gm)].map(([, name]) => name);
      assert.ok(named.length > 0);
      for (const name of named) assert.ok(parts.find((part) => part.name === name)?.configured, name);
    },
  };

  /** What the document has a program's environment say, as far as it says it. */
  function exported(): Record<string, string> {
    const lines = blocks.flatMap(({ text }) => text.match(/^export .*$/gm) ?? []);
    const pairs = lines.flatMap((line) => splitWords(here(line), environment).slice(1)).map((word) => word.split('='));
    return Object.fromEntries(pairs.filter(([, value]) => value !== '…').map(([name, value = '']) => [name, value]));
  }

  async function runCommand(command: string): Promise<void> {
    const filled = command.replaceAll(/<(\w+)>/g, '$$$1');
    const words = splitWords(here(filled), { ...environment, id: await keyId(), sender: '1234567' });
    const [program, ...rest] = words;
    if (program === 'curl') return check(await runCurl(here(command), environment));
    if (program === 'export') {
      for (const word of rest) {
        const [name = ''] = word.split('=');
        assert.ok(documentedVariables().includes(name), `${name} is in the table of variables`);
      }
      return;
    }
    assert.equal(program, 'npm', command);
    // npm's own, and not for this folder.
    if (rest[0] === 'install') return assert.ok(rest.includes('--prefix'), command);
    const script = rest[0] === 'run' ? rest[1] : rest[0];
    const line = Object.entries(manifest.scripts).find(([name]) => name === script)?.[1];
    assert.ok(line, `package.json has no script ${script}`);
    for (const file of line.match(/[\w./-]+\/[\w.-]+\.m?[jt]s\b/g) ?? []) assert.ok(existsSync(join(root, file)), file);
    if (script === 'gateway') await runGateway(rest.slice(rest.indexOf('--') + 1));
  }

  function check({ status, headers, text }: Awaited<ReturnType<typeof runCurl>>): void {
    assert.equal(status, 200, text);
    if (headers['content-type'] === 'text/event-stream') observeStream('2026-03-01', text);
  }

  async function runGateway(words: readonly string[]): Promise<void> {
    const door = join(root, 'src/cli/gateway.mjs');
    const { code, output, complaints } = await runNode([door, ...words], { environment, input: 'hello there\n' });
    assert.equal(code, 0, `${words.join(' ')}: ${complaints}${output}`);
    assert.notEqual(output + complaints, '', 'it says nothing');
    if (words[0] === 'chat') assert.match(output, /hello there/);
  }

  async function keyId(): Promise<string> {
    const body = { name: 'k', user: 'ann', scopes: ['chat'] };
    const key = environment.GATEWAY_ADMIN_KEY;
    return (await requestTo(gateway.url, 'POST', '/api/v2/keys', { key, body })).body.id;
  }

  for (const [number, { language, text }] of blocks.entries()) {
    it(`block ${number + 1}, ${language}: ${text.split('\n')[0]}`, async () => {
      const run = runners[language];
      assert.ok(run, `nobody runs ${language}`);
      await run(text);
    });
  }

  it('`npm start` prints address, key and a curl that works', async () => {
    assert.match(manifest.scripts.start, /^node src\/cli\/gateway\.mjs serve$/);
    const own = makeTemporaryDirectory();
    const started = await spawnGateway(own.path, {}, []);
    const printed = started.output();
    assert.match(printed, new RegExp(started.url));
    const curl = /^ *(curl .*)$/m.exec(printed)?.[1] ?? assert.fail(`there is no curl in ${printed}`);
    check(await runCurl(curl));
    assert.match(printed, /ocg_[0-9A-Za-z]{36}/);
    await started.kill();
    own.remove();
  });

  describe('tables', () => {
    const checks: Record<string, (rows: string[][], head: string[]) => void> = {
      Variable(rows) {
        assert.deepEqual(namesIn(rows.map(([cell]) => cell).join()).toSorted(), readVariables());
        const config = loadConfig({ GATEWAY_HOME: folder.path });
        const [, , address] = rows.find(([cell]) => cell?.includes('GATEWAY_HOST')) ?? [];
        assert.equal(address, `\`${config.host}\`, \`${config.port}\``);
        const usual = loadConfig({}, { homeDirectory: '/home/somebody' }).home;
        const [, , home] = rows.find(([cell]) => cell === '`GATEWAY_HOME`') ?? [];
        assert.equal(home?.replaceAll('`', '').replace('~', '/home/somebody'), usual);
      },
      Client(rows, head) {
        assert.deepEqual([head, ...rows], clientMatrix(), '`node scripts/record-clients.ts` writes the table anew');
      },
      Failure(rows) {
        const yes = (does: boolean) => (does ? 'yes' : 'no');
        assert.deepEqual(
          rows.map(([name, , ...decided]) => [name, ...decided]),
          Object.values(faults).map((fault) => {
            const error = new ProviderError(fault, 'no');
            const target = createTarget('provider', 'model', () => 0);
            for (let time = 0; time < 5; time += 1) target.failed(error);
            const counts = target.state === 'open' ? 'counts' : '–';
            return [`\`${fault}\``, yes(otherMayDo(error)), yes(mayRetry(error)), counts];
          }),
        );
      },
      Version(rows) {
        assert.deepEqual(
          rows.map(([date, path]) => [date, path]),
          apiVersions.map(({ date, family }) => [date, `\`/api/${family}\``]),
        );
      },
    };

    for (const [head = [], ...rows] of tables) {
      const title = head[0] ?? '';
      it(`of ${title}`, () => {
        const run = checks[title];
        assert.ok(run, `nobody checks a table of ${title}`);
        run(rows, head);
      });
    }
  });

  it('links lead somewhere', async () => {
    const links = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    assert.ok(links.length > 0);
    for (const link of links) {
      if (link.startsWith(written)) {
        assert.equal(
          (await requestTo(gateway.url, 'GET', link.slice(written.length), { key: null })).status,
          200,
          link,
        );
      } else if (!link.startsWith('https://')) assert.ok(existsSync(join(root, link)), link);
    }
  });

  it('paths and commands in its sentences are there', async () => {
    const quoted = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    for (const path of quoted.filter((text) => /^\/(docs|openapi|asyncapi|config)[\w./]*$/.test(text))) {
      assert.equal((await requestTo(gateway.url, 'GET', path, { key: null })).status, 200, path);
    }
    for (const command of quoted.filter((text) => text.startsWith('npm '))) await runCommand(command);
  });
});

/** All there are; one that is missing is no such type. */
const faults: { [Fault in ProviderFault]: Fault } = {
  unavailable: 'unavailable',
  timeout: 'timeout',
  malformed: 'malformed',
  rate_limited: 'rate_limited',
  unauthorized: 'unauthorized',
  model_not_found: 'model_not_found',
  unsupported_parameter: 'unsupported_parameter',
  invalid_request: 'invalid_request',
  context_too_long: 'context_too_long',
};

/** Something that the configuration takes for it. */
function secretFor(name: string): string {
  if (name === 'WEBHOOK_SECRET') return `whsec_${Buffer.alloc(32).toString('base64')}`;
  return name.endsWith('PUBLIC_KEY') ? 'ab'.repeat(32) : `secret-${name}`;
}

/** One command a line, without what the comments say of it. */
function commandsIn(text: string): string[] {
  return text
    .replaceAll('\\\n', '')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

function documentedVariables(): string[] {
  const table = tables.find(([head]) => head?.[0] === 'Variable') ?? [];
  return namesIn(table.flat().join());
}

function namesIn(text: string): string[] {
  return text.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? [];
}

/** What `src/config` reads, which is the only room that reads the environment. */
function readVariables(): string[] {
  const source = readFileSync(join(root, 'src/config/environment.ts'), 'utf8');
  return [...new Set([...source.matchAll(/(?:read\('|env\.)([A-Z_]+)/g)].map(([, name = '']) => name))].sort();
}
