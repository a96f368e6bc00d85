import { makeDiscord } from './discord/subject.ts';
import { makeSlack } from './slack/subject.ts';
import type { Subject } from './subject.ts';
import { makeTelegram } from './telegram/subject.ts';
import { makeWebhook } from './webhook/subject.ts';

/** Every channel there is. A new one is one line here and has the whole contract to keep. */
export const makers: Readonly<Record<string, () => Promise<Subject>>> = {
  telegram: makeTelegram,
  discord: makeDiscord,
  slack: makeSlack,
  webhook: makeWebhook,
};
