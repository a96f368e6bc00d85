import { messages, type Rules } from '../../../generated/operations.ts';
import type { Version } from '../../versions/version.ts';
import type { FrameType } from './read-frame.ts';

/** How the contract admits a frame. */
export function rulesOf(version: Version, type: FrameType): Rules {
  const rules = messages[version.date][type];
  if (!rules) throw new Error(`version ${version.date} has no frame ${type}`);
  return rules;
}
