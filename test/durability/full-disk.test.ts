/** A whole gateway whose disk is really full: what is pushed is not acknowledged, and all is well again when there is space. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayProcess, type Place, startGatewayProcess } from '../../scripts/durability/gateway-process.ts';
import { channelsAt, signEvent } from '../../scripts/durability/identity.ts';
import { type Platforms, startPlatforms } from '../../scripts/durability/platforms.ts';
import { push } from '../../scripts/durability/push.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

interface Shortage {
  name: string;
  /** Why it cannot be had here. */
  missing: string | false;
  prepare(home: string): Place;
  giveBack(home: string, pid: number): void;
  end(home: string): void;
}

const space = 6 * 1024 * 1024;

const shortages: Shortage[] = [
  {
    name: 'files may grow no more',
    missing: spawnSync('prlimit', ['--version']).status === 0 ? false : 'there is no `prlimit`',
    prepare: (home) => ({ home, prefix: ['prlimit', `--fsize=${space}:unlimited`] }),
    giveBack: (_, pid) => execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']),
    end: () => {},
  },
  {
    name: 'the disk is full',
    missing: canMount() ? false : 'only root may mount a small disk',
    prepare(home) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${4 * space}`, 'tmpfs', home]);
      writeFileSync(join(home, 'ballast'), Buffer.alloc(3 * space));
      return { home };
    },
    giveBack: (home) => rmSync(join(home, 'ballast')),
    end: (home) => execFileSync('umount', [home]),
  },
];

for (const { name, missing, prepare, giveBack, end } of shortages) {
  (missing ? describe.skip : describe)(`webhooks when ${name}${missing ? ` (skipped: ${missing})` : ''}`, () => {
    let folder: ReturnType<typeof makeTemporaryDirectory>;
    let platforms: Platforms;
    let gateway: GatewayProcess;
    let agent: Agent;

    before(async function () {
      this.timeout(30_000);
      folder = makeTemporaryDirectory();
      platforms = await startPlatforms(createSeededRandom(1));
      const settings = { channels: channelsAt(platforms.url), log: { level: 'silent' }, health: { public: true } };
      gateway = await startGatewayProcess(settings, prepare(folder.path));
      agent = new Agent({ keepAlive: true });
    });
    after(async function () {
      this.timeout(30_000);
      agent.destroy();
      await gateway.close();
      await platforms.close();
      end(folder.path);
      folder.remove();
    });

    it('are answered 503, and taken and worked on within five seconds of the end of it', async function () {
      this.timeout(90_000);
      const address = await gateway.address();
      // Long ones fill it soon; what they say begins with their number.
      const send = (event: number) =>
        push(agent, address, longer(signEvent('telegram', event, event % 50, Date.now())));
      const healthy = async () => Object(await gateway.read('/health/detailed')).store === 'ok';
      const taken: number[] = [];
      let refused = 0;
      for (let event = 0; refused < 5; event += 1) {
        const status = await send(event);
        assert.ok(status === 200 || status === 503, `answered ${status}`);
        if (status === 200) taken.push(event);
        else refused += 1;
        assert.ok(event < 5000, 'it is never full');
      }
      assert.ok(taken.length > 10, `only ${taken.length} were taken`);
      // A refusal is remembered for a second, and a machine may stand still for longer.
      let event = 5000;
      while (await healthy()) {
        if ((await send(event)) === 200) taken.push(event);
        assert.ok(event < 5100, 'it never says so');
        event += 1;
      }

      giveBack(folder.path, gateway.pid());
      const since = Date.now();
      const again = 9000;
      while ((await send(again)) !== 200) await sleep(50);
      const tookMs = Date.now() - since;
      assert.ok(tookMs <= 5000, `taken after ${tookMs} ms`);
      while (!platforms.arrivals.has(again) || !(await healthy())) await sleep(20);
      assert.ok(Date.now() - since <= 5000, `answered after ${Date.now() - since} ms`);
      for (const event of taken) while (!platforms.arrivals.has(event)) await sleep(20);
    });
  });
}

/** The same with a text that fills a disk. */
function longer(webhook: ReturnType<typeof signEvent>): ReturnType<typeof signEvent> {
  const update = JSON.parse(webhook.body.toString());
  update.message.text += ` ${'x'.repeat(3000)}`;
  return { ...webhook, body: Buffer.from(JSON.stringify(update)) };
}

function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
}
