import { apiVersions } from '../../generated/operations.ts';
import type { Handler } from './handler.ts';
import { toVersionInfo } from './to-version-info.ts';

export const listVersions: Handler<'listVersions'> = ({ now }, _input, reply) =>
  reply(200, { items: apiVersions.map((entry) => toVersionInfo(entry, apiVersions, now())) });
