import { type ApiVersion, apiVersions } from '../../generated/operations.ts';
import { GatewayError } from '../core/errors.ts';

/** Throws `UNSUPPORTED_API_VERSION` with what there is. */
export function knownVersion(version: string): ApiVersion {
  const entry = apiVersions.find(({ date }) => date === version);
  if (entry) return entry.date;
  throw new GatewayError('UNSUPPORTED_API_VERSION', `There is no API version ${version}.`, {
    supported: apiVersions.map(({ date }) => date),
  });
}
