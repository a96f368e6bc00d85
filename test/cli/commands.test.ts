import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { type Bench, makeBench } from './run-gateway.ts';

describe('gateway', () => {
  let bench: Bench;
  before(() => {
    bench = makeBench();
  });
  after(() => bench.close());

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal((await bench.run(['--version'])).stdout, `${version}\n`);
  });

  for (const command of [
    '',
    'serve',
    'keys create',
    'keys rotate',
    'config validate',
    'versions usage',
    'versions diff',
    'status',
    'chat',
  ]) {
    it(`helps with ${command || 'everything'}, with examples`, async () => {
      const { status, stdout, stderr } = await bench.run([...command.split(' ').filter(Boolean), '--help']);
      assert.deepEqual([status, stderr], [0, '']);
      assert.ok(stdout.startsWith(`Usage: gateway ${command}`.trim()), stdout);
      assert.match(stdout, /^Examples:\n {2}\$ .*npm run gateway -- /m);
    });
  }

  for (const args of [['keyz'], ['serve', '--port', '1'], ['config', 'print'], ['doctor', 'x']]) {
    it(`does not understand \`${args.join(' ')}\``, async () => {
      const { status, stdout, stderr } = await bench.run(args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^error: .*\n/);
    });
  }

  it('suggests what was probably meant', async () => {
    assert.match((await bench.run(['chatt'])).stderr, /Did you mean chat\?/);
  });

  it('uses colours on no pipe', async () => {
    assert.ok(!(await bench.run(['doctor'])).stdout.includes('\u001b['));
  });

  it('runs on the right Node when an older one opens it, and ends with it', async () => {
    const older =
      'if (process.argv[1].endsWith("gateway.mjs")) ' +
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.0.0" } })';
    const node = ['--import', `data:text/javascript,${encodeURIComponent(older)}`];
    assert.equal((await bench.run(['doctor', '--json'], { node })).status, 0);
    assert.equal((await bench.run(['keyz'], { node })).status, 2);
  });

  it('says what is missing when there is no right Node', async () => {
    const older =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.0.0" } });' +
      'Object.defineProperty(process, "arch", { value: "none" });' +
      'import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";' +
      'fs.existsSync = () => false; syncBuiltinESMExports();';
    const { status, stdout, stderr } = await bench.run(['serve'], {
      node: ['--import', `data:text/javascript,${encodeURIComponent(older)}`],
    });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^The gateway needs Node 24 or later, and this is 18\.0\.0\. Run `npm install` in .*\n$/);
  });
});
