import { describeAuthentication } from './authentication.contract.ts';
import { describeEvents } from './events.contract.ts';
import { describeRendering } from './rendering.contract.ts';
import { describeSending } from './sending.contract.ts';
import type { Subject } from './subject.ts';

/** What the port promises of every channel, whatever platform stands behind it. */
export function describeChannel(name: string, make: () => Promise<Subject>): void {
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

    describeAuthentication(given);
    describeEvents(given);
    describeRendering(given);
    describeSending(given);
  });
}
