import assert from 'node:assert/strict';
import { describeAuthentication } from './authentication.contract.ts';
import { describeEvents } from './events.contract.ts';
import { describeRendering } from './rendering.contract.ts';
import { describeSending } from './sending.contract.ts';
import type { Subject, Test } from './subject.ts';

/** What the port promises of every channel, whatever platform stands behind it. */
export function describeChannel(
  name: string,
  make: () => Promise<Subject>,
  skips: Readonly<Record<string, string>>,
): void {
  const titles = new Set<string>();
  const test: Test = (title, run) => {
    titles.add(title);
    const reason = skips[title];
    if (reason === undefined) it(title, run);
    else it.skip(`${title} (${reason})`);
  };

  describe(`${name} keeps the channel contract`, () => {
    let subject: Subject;
    const given = () => subject;

    beforeEach(async () => {
      subject = await make();
    });
    afterEach(async () => {
      await subject.channel.close();
      await subject.fake.close();
    });

    describeAuthentication(given, test);
    describeEvents(given, test);
    describeRendering(given, test);
    describeSending(given, test);

    it('is spared no test that there is not', () => {
      assert.deepEqual(
        Object.keys(skips).filter((title) => !titles.has(title)),
        [],
      );
    });
  });
}
