import { makeDiscord } from './discord/subject.ts';
import { makeSlack } from './slack/subject.ts';
import type { Subject } from './subject.ts';
import { makeTelegram } from './telegram/subject.ts';
import { makeWebhook } from './webhook/subject.ts';

/** Every channel there is. A new one is one line here and has the whole contract to keep. */
export const makers: Readonly<Record<string, () => Promise<Subject>>> = {
  telegram: makeTelegram,
  discord: makeDiscord,
  slack: () => makeSlack(),
  webhook: makeWebhook,
};

const once = 'is not seen twice when it was sent twice, where the manifest says so';
const formatting = 'tells refused formatting from a refusal, and only of formatting';

/** By channel: the tests that it is spared, and why. */
export const skips: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  telegram: {
    'refuses a body that was touched, where the proof covers it': 'it sends a secret and signs nothing',
    'keeps a window of five minutes, to both sides': 'it sends no time with its secret',
    'refuses a time that is none, even if it was signed': 'it sends no time with its secret',
    [once]: 'it knows no idempotent sends',
  },
  discord: {
    [once]: 'the further messages of an interaction cannot be made idempotent',
    [formatting]: 'it refuses none',
  },
  slack: {
    [once]: 'it knows no idempotent sends',
  },
  webhook: {
    'edits what it has sent, to the same words too': 'what was called back stays called back',
    [formatting]: 'it refuses none',
  },
};
