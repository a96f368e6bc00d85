import { version20260301 } from './2026-03-01/index.ts';
import { withDeprecations } from './deprecations.ts';
import { newest } from './newest.ts';
import type { Version } from './version.ts';

/** Oldest first. */
export const versions: readonly Version[] = [version20260301, newest].map(withDeprecations);

/** What is spoken when neither path nor header nor key names a version, and where no version applies. */
export const defaultVersion: Version = versions[0] ?? version20260301;
